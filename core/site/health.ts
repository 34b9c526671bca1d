import * as z from 'zod/mini';
import healthSql from '../../sql/database/health.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';

const answer = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  migrations: z.int(),
  latest_migration: z.nullable(z.string()),
});

/** `GET /v1/health`: 503 when the database is away, by the error every route gives then. */
export const health = endpoint({
  answers: { 200: { description: 'It answers', schema: answer } },
  async run() {
    const [row] = await query<Omit<z.infer<typeof answer>, 'status'>>(healthSql);
    return { status: 200, body: { status: row?.latest_migration ? 'ok' : 'degraded', ...row } };
  },
});
