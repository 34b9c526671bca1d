import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handler as checkSla } from '../../../functions/check-sla.ts';
import { handler } from '../../../functions/refresh-metrics.ts';
import { type DataApi, startDataApi } from '../../../local/data-api/server.ts';
import { localEnvironment } from '../../../local/machine.ts';
import { createDatabase } from '../../setup/database.ts';

// Calls of this endpoint end after 300 ms instead of 45 s; nothing else is shortened.
let db: Awaited<ReturnType<typeof createDatabase>>;
let dataApi: DataApi;
let blocker: pg.PoolClient;
beforeAll(async () => {
  db = await createDatabase();
  dataApi = await startDataApi({ databaseUrl: db.url, limits: { callTimeoutMs: 300 } });
  Object.assign(process.env, localEnvironment(db.url, dataApi.url));
  blocker = await db.pool.connect();
});
beforeEach(() => dataApi.resetCalls());
afterAll(async () => {
  blocker.release();
  await dataApi.close();
  await db.close();
});

const refresh = (scheduled_at: string) => handler({ scheduled_at }, {} as never);
const records = () => db.sql('select scheduled_at from metric_refreshes');

/** Holds every refresh up, as a million leads would. */
const hold = () =>
  blocker.query(`begin; select pg_advisory_xact_lock(hashtext('leadpulse refresh lead_metrics'))`);

/** Until the call has ended and its refresh was asked after. */
async function untilPolled(): Promise<void> {
  while (dataApi.calls() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a refresh that outlives its call', () => {
  test('goes on, and the job waits for its record', async () => {
    await hold();
    const running = refresh('2026-03-10T04:15:00Z');
    await untilPolled();
    expect(await records()).toEqual([]);
    await blocker.query('commit');
    expect(await running).toEqual({ refreshed: 1 });
    expect(await records()).toHaveLength(1);
  });

  test('and is cut off fails, so that Lambda runs it again', async () => {
    await hold();
    const running = refresh('2026-03-11T04:15:00Z').catch((error: Error) => error.message);
    await untilPolled();
    await db.sql(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like '%refresh_lead_metrics(%'
        and pid <> pg_backend_pid()`);
    await blocker.query('commit');
    expect(await running).toBe('the refresh of lead_metrics was cut off');
    expect(await records()).toHaveLength(1);
    expect(await refresh('2026-03-11T04:15:00Z')).toEqual({ refreshed: 1 });
  });
});

test('an alert without a topic is kept, and the run says that it has nowhere to go', async () => {
  expect(process.env.ALERT_TOPIC_ARN).toBeUndefined();
  const run = (scheduled_at: string) => checkSla({ scheduled_at }, {} as never);
  expect(await run('2026-03-09T12:00:00Z')).toEqual({ rules: 2, broken: 0, published: 0 });
  await db.sql(`insert into leads (source, created_at, recorded_at)
    values ('zillow', '2026-03-09 11:00Z', '2026-03-09 11:00Z')`);
  await expect(run('2026-03-10T12:00:00Z')).rejects.toThrow(
    'ALERT_TOPIC_ARN is not set: 1 alerts wait for it',
  );
  expect(await db.sql('select rule, attempts, leased_until from alert_messages')).toEqual([
    { rule: 'oldest-waiting', attempts: 0, leased_until: null },
  ]);
});
