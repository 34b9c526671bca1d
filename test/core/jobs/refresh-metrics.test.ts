import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../../core/migration/migrate.ts';
import { handler } from '../../../functions/refresh-metrics.ts';
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ WORKSPACE_TIMEZONE: 'America/New_York' });
});
afterEach(async () => {
  await scene.clear();
  await scene.sql('truncate metric_refreshes');
});
afterAll(() => scene.close());

const refresh = (scheduled_at: string = scene.now) => handler({ scheduled_at }, {} as never);
const days = () => scene.sql(`select date::text, total_leads::integer from lead_metrics`);
const refreshes = () =>
  scene.sql('select scheduled_at, timezone from metric_refreshes order by scheduled_at');

test('the view is what the leads are at the refresh, no sooner', async () => {
  await refresh();
  await scene.leads({ hoursAgo: 1 }, { hoursAgo: 2 });
  expect(await days()).toEqual([]);
  expect(await refresh(scene.hoursLater(24))).toEqual({ refreshed: 1 });
  expect(await days()).toEqual([{ date: '2026-03-10', total_leads: 2 }]);
});

test('fired five times at once it is done once, and again not at all', async () => {
  await scene.leads({ hoursAgo: 1 });
  const runs = await Promise.all([refresh(), refresh(), refresh(), refresh(), refresh()]);
  expect(runs.map(({ refreshed }) => refreshed).sort()).toEqual([0, 0, 0, 0, 1]);
  await scene.leads({ hoursAgo: 1 });
  expect(await refresh()).toEqual({ refreshed: 0 });
  expect(await days()).toEqual([{ date: '2026-03-10', total_leads: 1 }]);
  expect(await refreshes()).toEqual([
    { scheduled_at: new Date(scene.now), timezone: 'America/New_York' },
  ]);
  const runsOnRecord = await scene.sql('select job, finished_at from job_runs');
  expect(runsOnRecord).toEqual([{ job: 'refresh-metrics', finished_at: expect.any(Date) }]);
});

test('readers of the view are not held up, and a refresh that fails leaves nothing', async () => {
  await scene.leads({ hoursAgo: 1 });
  const reader = await scene.pool.connect();
  await reader.query('begin');
  await reader.query('select * from lead_metrics');
  expect(await refresh()).toEqual({ refreshed: 1 });
  await reader.query('rollback');
  reader.release();

  await scene.sql('alter materialized view lead_metrics rename to elsewhere');
  await expect(refresh(scene.hoursLater(1))).rejects.toThrow(/42P01/);
  await scene.sql('alter materialized view elsewhere rename to lead_metrics');
  expect(await refreshes()).toHaveLength(1);
  expect(await refresh(scene.hoursLater(1))).toEqual({ refreshed: 1 });
});

test('one call of the Data API', async () => {
  scene.machine.dataApi.resetCalls();
  await refresh();
  expect(scene.machine.dataApi.calls()).toBe(1);
});

test('another zone of the workspace: migrate counts the days anew', async () => {
  // 02:30 UTC on March 10 is the evening of the 9th in New York.
  await scene.leads({ hoursAgo: 9.5 });
  await scene.sql(`update workspace set timezone = 'UTC'`);
  await refresh();
  expect(await days()).toEqual([{ date: '2026-03-10', total_leads: 1 }]);

  await migrate();
  expect(await days()).toEqual([{ date: '2026-03-09', total_leads: 1 }]);
  expect(await refreshes()).toMatchObject([{ timezone: 'UTC' }, { timezone: 'America/New_York' }]);
  await migrate();
  expect(await refreshes()).toHaveLength(2);
});
