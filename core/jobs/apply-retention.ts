import applyRetentionSql from '../../sql/jobs/apply-retention.sql' with { type: 'text' };
import finishRetentionSql from '../../sql/jobs/finish-retention.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { settings } from '../settings.ts';

/** Leads a call looks at, and rows of each class that it empties: far below the call's 45 s. */
const most = 1000;

/** Four million leads a run; what is beyond is an error, and the next run's. */
const mostCalls = 4000;

interface Step {
  readonly raw_data: number;
  readonly people: number;
  readonly request_keys: number;
  readonly records: number;
  readonly audit: number;
  readonly more: boolean;
  readonly next_at: string | null;
  readonly next_id: string | null;
}

/**
 * Empties what is older than it may be, class by class, once per scheduled time: forms' raw data,
 * the persons of leads that did not buy, keys of requests, records of jobs and alerts, the audit.
 * How many of each.
 */
export async function applyRetention(scheduledAt: string) {
  const gone = { raw_data: 0, people: 0, request_keys: 0, records: 0, audit: 0 };
  let cursor: Pick<Step, 'next_at' | 'next_id'> = { next_at: null, next_id: null };
  for (let call = 0; call < mostCalls; call++) {
    const [step] = await query<Step>(applyRetentionSql, stepFrom(cursor, scheduledAt), 'job');
    if (!step) return gone;
    for (const name of Object.keys(gone) as (keyof typeof gone)[]) gone[name] += step[name];
    if (!step.more) {
      await query(finishRetentionSql, { scheduled_at: scheduledAt, outcome: gone }, 'job');
      return gone;
    }
    cursor = step;
  }
  throw new Error(`more is older than it may be than ${mostCalls} calls can empty`);
}

function stepFrom({ next_at, next_id }: Pick<Step, 'next_at' | 'next_id'>, scheduled_at: string) {
  const keep = settings();
  return {
    scheduled_at,
    most,
    days: {
      raw_data: keep.RETAIN_RAW_DATA_DAYS,
      people: keep.RETAIN_PEOPLE_DAYS,
      records: keep.RETAIN_RECORDS_DAYS,
      audit: keep.RETAIN_AUDIT_DAYS,
    },
    cursor_at: next_at,
    cursor_id: next_id,
  };
}
