import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { query } from '../../../core/database/client.ts';
import { settingsSchema } from '../../../core/settings.ts';
import { handler } from '../../../functions/apply-retention.ts';
import applyRetentionSql from '../../../sql/jobs/apply-retention.sql' with { type: 'text' };
import { startTestMachine } from '../../setup/machine.ts';
import { sentinel, tablesWith } from '../../setup/people.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine({ RETAIN_RAW_DATA_DAYS: '30', RETAIN_PEOPLE_DAYS: '100' });
});
afterAll(() => api.close());
beforeEach(() =>
  api.sql(`truncate leads, lead_events, corrections, audit_log, job_runs, alert_messages, incidents,
    metric_refreshes, idempotency_keys cascade`),
);

const scheduled_at = '2026-11-01T04:45:00Z';
const run = (at = scheduled_at) => handler({ scheduled_at: at }, {} as never);
const daysAgo = (days: number) =>
  new Date(Date.parse(scheduled_at) - days * 86_400_000).toISOString();
const nothing = { raw_data: 0, people: 0, request_keys: 0, records: 0, audit: 0 };

/** Leads that came in so many days before, each with a person and what a form sent. */
async function came(days: readonly number[], more: object = {}): Promise<string[]> {
  const items = days.map((ago) => ({
    source: 'zillow',
    created_at: daysAgo(ago),
    first_name: sentinel,
    raw_data: { sent: 'by a form' },
    ...more,
  }));
  const { body } = await api.post('/v1/leads/batch', { items });
  return body.results.map((result: { id: string }) => result.id);
}

const held = () =>
  api.sql(
    `select first_name is not null as person, raw_data is not null as raw from leads
     order by created_at desc, id`,
  );

test('raw data goes after its days, a person who did not buy after others', async () => {
  await came([29.9, 30.1, 99.9, 100.1]);
  expect(await run()).toEqual({ raw_data: 3, people: 1, request_keys: 0, records: 0, audit: 0 });
  expect(await held()).toEqual([
    { person: true, raw: true },
    { person: true, raw: false },
    { person: true, raw: false },
    { person: false, raw: false },
  ]);
  const [audited] = await api.sql('select caller, action, reference from audit_log');
  expect(audited).toEqual({ caller: 'apply-retention', action: 'erase', reference: null });
});

test('who bought stays, and whoever was heard of since', async () => {
  const [bought, heard, lost, gone] = await came([200, 200, 200, 200]);
  const happened = (id: string | undefined, event_type: string, ago: number) =>
    api.post(`/v1/leads/${id}/events`, {
      event_type,
      event_source: 'agent',
      created_at: daysAgo(ago),
    });
  await happened(bought, 'closed', 150);
  await happened(heard, 'responded', 99);
  await happened(lost, 'closed', 150);
  await happened(lost, 'dead', 120);
  expect(await run()).toMatchObject({ people: 2 });
  const erased = await api.sql('select id from leads where erased_at is not null order by id');
  expect(erased.map(({ id }) => id)).toEqual([lost, gone].toSorted());
});

test('raw data goes from what stood there before it was corrected, too', async () => {
  const [id] = await came([40]);
  await api.patch(`/v1/leads/${id}`, { raw_data: { sent: sentinel } });
  await api.patch(`/v1/leads/${id}`, { raw_data: null, first_name: 'Ada' });
  await api.sql('update corrections set created_at = $1', [daysAgo(31)]);
  expect(await tablesWith(api, sentinel)).toEqual(['corrections']);
  expect(await tablesWith(api, 'by a form')).toEqual(['corrections']);
  await run();
  expect(await tablesWith(api, 'by a form')).toEqual([]);
  const left = await api.sql('select before from corrections order by created_at, id');
  expect(left).toMatchObject([
    { before: { raw_data: null } },
    { before: { raw_data: null, first_name: sentinel } },
  ]);
});

test('once for a scheduled time: again it does nothing, and says so', async () => {
  await came([40]);
  expect(await run()).toMatchObject({ raw_data: 1 });
  await came([50]);
  expect(await run()).toEqual(nothing);
  const [record] = await api.sql('select job, finished_at, outcome from job_runs');
  expect(record).toEqual({
    job: 'apply-retention',
    finished_at: expect.any(Date),
    outcome: { ...nothing, raw_data: 1 },
  });
  expect(await run('2026-11-02T04:45:00Z')).toMatchObject({ raw_data: 1 });
});

test('fired four times at once, each lead is counted once', async () => {
  await came(Array(20).fill(200));
  const runs = await Promise.all([run(), run(), run(), run()]);
  const sum = (name: keyof typeof nothing) => runs.reduce((all, one) => all + (one[name] ?? 0), 0);
  expect([sum('raw_data'), sum('people')]).toEqual([20, 20]);
  expect(await api.sql('select from audit_log')).toHaveLength(20);
});

test('killed on its way, it begins again and ends', async () => {
  await came([200, 200, 201, 202]);
  const days = { raw_data: 30, people: 100 };
  const cursor = { cursor_at: null, cursor_id: null };
  const [step] = await query(applyRetentionSql, { scheduled_at, days, ...cursor, most: 2 });
  expect(step).toMatchObject({ people: 2, more: true });
  expect(await run()).toMatchObject({ raw_data: 2, people: 2 });
});

test('step by step it reaches every lead, two of one moment too', async () => {
  await came([200, 200, 200, 201, 202, 202, 203]);
  const days = { raw_data: 30 };
  let cursor: { next_at: unknown; next_id: unknown } = { next_at: null, next_id: null };
  for (let steps = 1; ; steps++) {
    const { next_at: cursor_at, next_id: cursor_id } = cursor as Record<string, string>;
    const parameters = { scheduled_at, days, cursor_at, cursor_id, most: 2 };
    const [step] = await query<typeof cursor & { more: boolean }>(applyRetentionSql, parameters);
    if (!step?.more) {
      expect(steps).toBe(4);
      break;
    }
    cursor = step;
  }
  expect((await held()).filter(({ raw }) => raw)).toEqual([]);
});

test('more than a call takes is gone in one run', async () => {
  await api.sql(
    `insert into leads (source, created_at, recorded_at, raw_data)
     select 'old', $1::timestamptz + n * interval '1 s', now(), '{}'
     from generate_series(1, 2100) n`,
    [daysAgo(60)],
  );
  api.machine.dataApi.resetCalls();
  expect(await run()).toMatchObject({ raw_data: 2100 });
  expect(api.machine.dataApi.calls()).toBe(4);
});

test('records of jobs and alerts go after a year, the last run of each job stays', async () => {
  const [old, recent] = [daysAgo(365.1), daysAgo(364.9)];
  await api.sql(
    `insert into job_runs (job, scheduled_at, finished_at)
     select job, at, at from unnest(array['check-sla', 'gone']) job
     cross join unnest($1::timestamptz[]) at where job <> 'gone' or at < $2::timestamptz`,
    [[daysAgo(400), old, recent], recent],
  );
  await api.sql(`insert into metric_refreshes (scheduled_at) select unnest($1::timestamptz[])`, [
    [daysAgo(400), old],
  ]);
  await api.sql(
    `insert into alert_messages (id, rule, scheduled_at, metric, severity, body, published_at)
     select at::text || n, 'r' || n, at, 'm', 's', '{}', case n when 1 then at end
     from unnest($1::timestamptz[]) at cross join generate_series(1, 2) n`,
    [[old, recent]],
  );
  await api.sql(
    `insert into incidents (
       rule_id, split_value, metric, severity, opened_at, told_at, transitions, checked_at, value,
       threshold, sample, leads, waiting_leads, since, lead_ids, resolved_at
     )
     select r.id, resolved_at::text, r.metric, 'info', $1, $1, 1, $1, 1, 1, 1, 1, 1, $1, '{}',
       resolved_at
     from alert_rules r cross join unnest($2::timestamptz[]) as t (resolved_at)
     where r.name = 'oldest-waiting'`,
    [daysAgo(400), [old, recent, null]],
  );
  await api.sql(
    `insert into audit_log (id, created_at, caller, action, lead_id)
     select uuidv7(), at, 'key_a', 'erase', uuidv7() from unnest($1::timestamptz[]) at`,
    [[old, recent]],
  );
  expect(await run()).toEqual({ raw_data: 0, people: 0, request_keys: 0, records: 6, audit: 1 });
  const runs = await api.sql(
    `select job, scheduled_at from job_runs where job <> 'apply-retention' order by job`,
  );
  expect(runs).toEqual([
    { job: 'check-sla', scheduled_at: new Date(recent) },
    { job: 'gone', scheduled_at: new Date(old) },
  ]);
  const left = await api.sql('select resolved_at from incidents order by resolved_at');
  expect(left).toEqual([{ resolved_at: new Date(recent) }, { resolved_at: null }]);
  // What nobody has published is still owed, however old.
  const messages = await api.sql('select rule from alert_messages order by rule');
  expect(messages.map(({ rule }) => rule)).toEqual(['r1', 'r2', 'r2']);
  expect(await api.sql('select from metric_refreshes')).toHaveLength(1);
});

test('keys of requests go after the 30 days that are promised', async () => {
  await api.sql(
    `insert into idempotency_keys (scope, key, request_sha256, created_at)
     select 'key_a', at::text, repeat('a', 64), at from unnest($1::timestamptz[]) at`,
    [[daysAgo(30.1), daysAgo(29.9)]],
  );
  expect(await run()).toEqual({ ...nothing, request_keys: 1 });
  const left = await api.sql('select created_at from idempotency_keys');
  expect(left).toEqual([{ created_at: new Date(daysAgo(29.9)) }]);
});

test('without settings people and their data are kept for ever', async () => {
  const given = {
    DATABASE_CLUSTER_ARN: 'arn:aws:rds:us-east-1:000000000000:cluster:leadpulse',
    DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:leadpulse',
  };
  const standard = settingsSchema.parse(given);
  expect(standard).toMatchObject({ RETAIN_RECORDS_DAYS: 365, RETAIN_AUDIT_DAYS: 365 });
  expect(standard.RETAIN_RAW_DATA_DAYS ?? standard.RETAIN_PEOPLE_DAYS).toBeUndefined();
  await came([5000]);
  const days = { records: 365, audit: 365 };
  const cursor = { cursor_at: null, cursor_id: null };
  const [step] = await query(applyRetentionSql, { scheduled_at, days, ...cursor, most: 1000 });
  expect(step).toMatchObject({ ...nothing, more: false });
  expect(await held()).toEqual([{ person: true, raw: true }]);
});

test('what was emptied once is not looked at again, however much there is of it', async () => {
  await came([101, 102, 103, 104, 105]);
  expect((await run()).people).toBe(5);
  const next = { scheduled_at: '2026-11-02T04:45:00Z', days: { raw_data: 30, people: 100 } };
  const cursor = { cursor_at: null, cursor_id: null };
  const [step] = await query(applyRetentionSql, { ...next, ...cursor, most: 2 });
  expect(step).toMatchObject({ more: false, next_at: null, next_id: null });
});

test.each(['0', '-1', '1.5', 'ever', '', '100000'])('%j is no number of days', (text) => {
  const { error } = settingsSchema.safeParse({ RETAIN_PEOPLE_DAYS: text });
  const told = error?.issues.filter(({ path }) => path[0] === 'RETAIN_PEOPLE_DAYS');
  expect(told?.map(({ message }) => message)).toEqual(['must be a whole number from 1 to 99999']);
});
