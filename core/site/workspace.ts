import * as z from 'zod/mini';
import workspaceSql from '../../sql/database/workspace.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';

const answer = z.strictObject({
  timezone: z.string(),
  currency: z.string(),
  today: z.iso.date(),
});

/** `GET /v1/workspace`: the zone and currency of every number. Set by the deployment. */
export const showWorkspace = endpoint({
  answers: { 200: { description: 'The workspace', schema: answer } },
  async run({ now }) {
    const [workspace] = await query<z.infer<typeof answer>>(workspaceSql, { now });
    return { status: 200, body: workspace };
  },
});
