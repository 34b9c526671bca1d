import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AlertMetric, alertMetricNames, alertMetrics } from '../../../core/alerts/metrics.ts';
import { startTestMachine } from '../../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const nobody = '00000000-0000-4000-8000-000000000000';
const rate = { name: 'contacts', metric: 'contact_rate', threshold: 60, window_hours: 168 };
const wait = { name: 'waits', metric: 'oldest_waiting_minutes', threshold: 60 };

test('a new workspace has the rule of the seed, and one for the lead it forgets', async () => {
  const { items, total } = (await api.get('/v1/alert-rules')).body;
  expect(total).toBe(2);
  const told = items.map((one: Record<string, unknown>) => [
    one.name,
    one.metric,
    one.threshold,
    one.window_hours,
    one.minimum_leads,
    one.severity,
    one.active,
  ]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['average-response', 'avg_response_hours', 2, 24, 5, 'warning', true],
      ['oldest-waiting', 'oldest_waiting_minutes', 1440, null, 1, 'critical', true],
    ]),
  );
});

test('a rule is added, shown and listed as it is', async () => {
  const agent_id = await api.addAgent();
  const given = {
    name: 'slow-zillow',
    metric: 'p90_response_minutes',
    source: ' Zillow ',
    agent_id,
    threshold: 90.5,
    recover_threshold: 60,
    window_hours: 48,
    minimum_leads: 10,
    severity: 'critical',
    reminder_hours: 24,
  };
  const { status, body } = await api.post('/v1/alert-rules', given);
  expect(status).toBe(201);
  expect(body).toMatchObject({ ...given, source: 'zillow', active: true, split_by: null });
  const { items } = (await api.get('/v1/alert-rules?metric=p90_response_minutes&active=true')).body;
  expect(items).toEqual([body]);
  expect((await api.get('/v1/alert-rules?format=csv')).text).toMatch(/^id,created_at,updated_at,/);
});

test('a change leaves what stood there before, and who changed it', async () => {
  const { body } = await api.post('/v1/alert-rules', { ...wait, name: 'before' });
  const change = { name: 'after', threshold: 30, severity: 'critical', active: false };
  const changed = await api.patch(`/v1/alert-rules/${body.id}`, change);
  expect(changed.body).toMatchObject(change);
  const { items } = (await api.get(`/v1/corrections?subject_id=${body.id}`)).body;
  expect(items).toMatchObject([
    {
      kind: 'alert_rule',
      before: { name: 'before', threshold: 60, severity: 'warning', active: true },
    },
  ]);
});

test('a request that is sent again adds one rule', async () => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'one-rule' };
  const body = JSON.stringify({ ...rate, name: 'once' });
  const send = () => api.send('POST', '/v1/alert-rules', { headers, body });
  const [first, again] = [await send(), await send()];
  expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
});

test('a name is taken once', async () => {
  await api.post('/v1/alert-rules', { ...wait, name: 'twice' });
  const again = await api.post('/v1/alert-rules', { ...wait, name: 'twice' });
  expect([again.status, again.body.errors[0].pointer]).toEqual([409, '/name']);
});

describe('every metric', () => {
  const needed = (metric: AlertMetric) => (metric.has_window ? { window_hours: 24 } : {});

  test.each(alertMetricNames)('%s can be watched, by the side that is bad', async (metric) => {
    const about: AlertMetric = alertMetrics[metric];
    const given = {
      name: metric.replaceAll('_', '-'),
      metric,
      split_by: 'source',
      threshold: 50,
      ...needed(about),
    };
    const well = about.bad === 'above' ? 40 : 60;
    const ill = about.bad === 'above' ? 60 : 40;
    const refused = await api.post('/v1/alert-rules', { ...given, recover_threshold: ill });
    expect([refused.status, refused.body.errors?.[0].pointer]).toEqual([422, '/recover_threshold']);
    const { status, body } = await api.post('/v1/alert-rules', {
      ...given,
      recover_threshold: well,
    });
    expect([status, body.recover_threshold]).toEqual([201, well]);
    const [row] = await api.sql('select bad_below from alert_rules where id = $1', [body.id]);
    expect(row).toEqual({ bad_below: about.bad === 'below' });

    const windowed = await api.post('/v1/alert-rules', {
      ...given,
      name: 'wrong',
      window_hours: about.has_window ? null : 24,
    });
    expect([windowed.status, windowed.body.errors[0].pointer]).toEqual([422, '/window_hours']);
    const { id } = body;
    const least = await api.patch(`/v1/alert-rules/${id}`, { minimum_leads: 2 });
    expect(least.status).toBe(about.has_minimum ? 200 : 422);
  });
});

test.each<[string, object, string]>([
  ['no threshold', { threshold: undefined }, '/threshold'],
  ['a threshold below nothing', { threshold: -1 }, '/threshold'],
  ['a threshold that nobody could see', { threshold: 1.005 }, '/threshold'],
  ['a rate that is never low', { threshold: 0 }, '/threshold'],
  ['a rate above all', { threshold: 101 }, '/threshold'],
  ['a recovery above all', { recover_threshold: 101 }, '/recover_threshold'],
  ['a metric that does not exist', { metric: 'vibes' }, '/metric'],
  ['a name with a blank', { name: 'a rule' }, '/name'],
  ['a window of no hour', { window_hours: 0 }, '/window_hours'],
  ['a window of two years', { window_hours: 17_520 }, '/window_hours'],
  ['no lead as enough', { minimum_leads: 0 }, '/minimum_leads'],
  ['a severity that does not exist', { severity: 'dire' }, '/severity'],
  ['a reminder at once', { reminder_hours: 0 }, '/reminder_hours'],
  ['a split that does not exist', { split_by: 'score' }, '/split_by'],
  ['a split of one source', { split_by: 'source', source: 'zillow' }, '/split_by'],
  ['an agent nobody is', { agent_id: nobody }, '/agent_id'],
  ['a field that does not exist', { sla: 5 }, '/sla'],
  [
    'silence of all sources together',
    { metric: 'source_silence_hours', window_hours: null },
    '/split_by',
  ],
  [
    'silence of agents',
    { metric: 'source_silence_hours', window_hours: null, split_by: 'agent' },
    '/split_by',
  ],
])('%s is refused', async (_what, wrong, pointer) => {
  const answer = await api.post('/v1/alert-rules', { ...rate, name: 'wrong', ...wrong });
  expect(answer.status, answer.text).toBe(422);
  expect(answer.body.errors[0].pointer).toBe(pointer);
});

test('to change nothing, what a rule is about, or a rule nobody made is refused', async () => {
  const [one] = (await api.get('/v1/alert-rules')).body.items;
  const path = `/v1/alert-rules/${one.id}`;
  expect((await api.patch(path, {})).status).toBe(422);
  expect((await api.patch(path, { metric: 'breached_leads' })).status).toBe(422);
  expect((await api.patch(`/v1/alert-rules/${nobody}`, { active: false })).status).toBe(404);
});
