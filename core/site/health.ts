import * as z from 'zod/mini';
import healthSql from '../../sql/database/health.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';

const when = z.nullable(z.iso.datetime({ precision: 6 }));
const answer = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  migrations: z.int(),
  latest_migration: z.nullable(z.string()),
  last_refresh_at: when,
  last_sla_check_at: when,
  /** As of the last SLA check; null where there was none yet, or where it may not count them. */
  alert_subscribers: z.nullable(z.strictObject({ confirmed: z.int(), pending: z.int() })),
});

type Facts = Omit<z.infer<typeof answer>, 'status'>;

/** The check runs every hour: two without one that ended well, and something is wrong. */
const longestSilenceMs = 2 * 60 * 60 * 1000;

/** `GET /v1/health`: 503 when the database is away, by the error every route gives then. */
export const health = endpoint({
  answers: { 200: { description: 'It answers', schema: answer } },
  async run({ now }) {
    const [row] = await query<Facts>(healthSql);
    return { status: 200, body: { status: row && isWell(row, now) ? 'ok' : 'degraded', ...row } };
  },
});

/** Degraded: no migrations, a check that stopped running, or alerts that nobody gets. */
function isWell({ latest_migration, last_sla_check_at, alert_subscribers }: Facts, now: string) {
  const silence = last_sla_check_at ? Date.parse(now) - Date.parse(last_sla_check_at) : 0;
  const isHeard = alert_subscribers?.confirmed !== 0;
  return latest_migration !== null && silence <= longestSilenceMs && isHeard;
}
