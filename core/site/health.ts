import * as z from 'zod/mini';
import healthSql from '../../sql/database/health.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';

const when = z.nullable(z.iso.datetime({ precision: 6 }));
const subscribers = z.nullable(z.strictObject({ confirmed: z.int(), pending: z.int() }));
const answer = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  migrations: z.int(),
  latest_migration: z.nullable(z.string()),
  last_refresh_at: when,
  last_sla_check_at: when,
  /** As of the last SLA check; null where there was none yet, or where it may not count them. */
  alert_subscribers: subscribers,
  /** The same for the chat's topic; null where there is no chat. */
  chat_subscribers: subscribers,
});

/** A database that is new has had no check yet: from then on one is due. */
type Facts = Omit<z.infer<typeof answer>, 'status'> & { readonly migrated_at: string };

/** The check runs every hour: two without one that ended well, and something is wrong. */
const longestSilenceMs = 2 * 60 * 60 * 1000;

/** `GET /v1/health`: 503 when the database is away, by the error every route gives then. */
export const health = endpoint({
  answers: { 200: { description: 'It answers', schema: answer } },
  async run({ now }) {
    const [row] = await query<Facts>(healthSql);
    if (!row) throw new Error('the health statement answered without a row');
    const { migrated_at: _, ...facts } = row;
    return { status: 200, body: { status: isWell(row, now) ? 'ok' : 'degraded', ...facts } };
  },
});

/**
 * Degraded: no migrations, a check that stopped running, or alerts that nobody gets. A chat that
 * nobody connected is not: it comes beside those who get the alerts, and they are told.
 */
function isWell(facts: Facts, now: string) {
  const { latest_migration, last_sla_check_at, alert_subscribers, migrated_at } = facts;
  const silence = Date.parse(now) - Date.parse(last_sla_check_at ?? migrated_at);
  const isHeard = alert_subscribers?.confirmed !== 0;
  return latest_migration !== null && silence <= longestSilenceMs && isHeard;
}
