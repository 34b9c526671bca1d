import { setTimeout as pause } from 'node:timers/promises';
import refreshSql from '../../sql/jobs/refresh-lead-metrics.sql' with { type: 'text' };
import stateSql from '../../sql/jobs/refresh-state.sql' with { type: 'text' };
import { query, queryBeyondTimeout } from '../database/client.ts';

const pollMs = 2000;

/**
 * Refreshes lead_metrics, once per scheduled time. A refresh of a million leads outlives the 45
 * seconds of its call: it goes on, and its record says when it is done. Throws when it was cut off.
 */
export async function refreshMetrics(scheduledAt: string) {
  const parameters = { scheduled_at: scheduledAt };
  const rows = await queryBeyondTimeout<{ refreshed: boolean }>(refreshSql, parameters);
  if (rows) return { refreshed: rows[0]?.refreshed ? 1 : 0 };
  // It may end between a statement's snapshot and its look at the lock: gone twice is gone.
  for (let gone = 0; gone < 2; ) {
    const [state] = await query<{ done: boolean; running: boolean }>(stateSql, parameters, 'job');
    if (state?.done) return { refreshed: 1 };
    gone = state?.running ? 0 : gone + 1;
    await pause(pollMs);
  }
  throw new Error('the refresh of lead_metrics was cut off');
}
