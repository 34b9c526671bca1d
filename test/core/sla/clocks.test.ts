import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestMachine } from '../../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
// Those that a new database has: five minutes for an A, two hours for the rest.
beforeEach(() => api.sql("update sla_policies set active = name in ('a-leads', 'all-leads')"));

const minutes = 60_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const leadOf = async (id: string, asOf?: string) => {
  if (asOf === undefined) return (await api.get(`/v1/leads/${id}`)).body;
  const { items } = (await api.get(`/v1/leads?include=test,duplicate&limit=200&as_of=${asOf}`))
    .body;
  return items.find((lead: { id: string }) => lead.id === id);
};
/** After how many minutes from `since` the lead is due. */
const dueAfter = async (id: string, since?: string) => {
  const { created_at, sla_due_at } = await leadOf(id);
  return (Date.parse(sla_due_at) - Date.parse(since ?? created_at)) / minutes;
};
const happened = (id: string, event_type: string, more: object = {}) =>
  api.post(`/v1/leads/${id}/events`, { event_type, event_source: 'agent', ...more });
const clocksOf = (id: string) =>
  api.sql<{ quality_score: string | null; due_at: Date }>(
    'select quality_score, due_at from sla_clocks where lead_id = $1 order by id',
    [id],
  );

describe('the clock of a lead that comes in', () => {
  test('is that of the first policy that fits, from when the lead came', async () => {
    const [a, d, unscored] = [
      await api.take({ quality_score: 'A', created_at: ago(30 * minutes) }),
      await api.take({ quality_score: 'D' }),
      await api.take(),
    ];
    expect(await dueAfter(a)).toBe(5);
    expect(await dueAfter(d)).toBe(120);
    expect(await dueAfter(unscored)).toBe(120);
  });

  test('goes by source and agent, too, and by what is active', async () => {
    const bea = await api.addAgent();
    const add = (body: object) => api.post('/v1/sla-policies', body);
    await add({ name: 'portal', priority: 20, source: ' Zillow ', target_minutes: 15 });
    await add({ name: 'bea', priority: 10, agent_id: bea, target_minutes: 45 });
    await add({ name: 'never', priority: 1, target_minutes: 1, active: false });
    expect(await dueAfter(await api.take())).toBe(15);
    expect(await dueAfter(await api.take({ agent_id: bea }))).toBe(45);
    expect(await dueAfter(await api.take({ source: 'facebook' }))).toBe(120);
  });

  test('is none for what was recorded a day after it came in, and for none that fits', async () => {
    const old = await api.take({ created_at: ago(24 * 60 * minutes + 5000) });
    const fresh = await api.take({ created_at: ago(24 * 60 * minutes - 5000) });
    expect(await leadOf(old)).toMatchObject({ sla_due_at: null, sla_state: null });
    expect(await dueAfter(fresh)).toBe(120);
    await happened(old, 'scored', { details: { quality_score: 'A' } });
    expect((await leadOf(old)).sla_due_at).toBeNull();
  });

  test('runs on as it was set, whatever becomes of its policy', async () => {
    const { body: policy } = await api.post('/v1/sla-policies', {
      name: 'short-lived',
      priority: 1,
      target_minutes: 10,
    });
    const lead = await api.take();
    await api.patch(`/v1/sla-policies/${policy.id}`, { active: false, target_minutes: 500 });
    expect(await dueAfter(lead)).toBe(10);
    expect(await dueAfter(await api.take())).toBe(120);
    expect((await leadOf(lead)).sla_policy_id).toBe(policy.id);
  });
});

describe('the first score or agent that comes later', () => {
  test('brings the clock forward, from then on; each setting is kept', async () => {
    const lead = await api.take({ created_at: ago(60 * minutes) });
    const scored = await happened(lead, 'scored', { details: { quality_score: 'A' } });
    expect(await dueAfter(lead, scored.body.created_at)).toBe(5);
    expect((await clocksOf(lead)).map(({ quality_score }) => quality_score)).toEqual([null, 'A']);
    // A second score is no first one.
    await happened(lead, 'scored', { details: { quality_score: 'B' } });
    expect(await dueAfter(lead, scored.body.created_at)).toBe(5);
    expect(await clocksOf(lead)).toHaveLength(2);
  });

  test('never puts it back', async () => {
    const lead = await api.take({ created_at: ago(60 * minutes) });
    await happened(lead, 'scored', { details: { quality_score: 'C' } });
    // Two hours from the score would be later than two hours from the lead.
    expect(await dueAfter(lead)).toBe(120);
    expect(await clocksOf(lead)).toHaveLength(2);
  });

  test('changes nothing once somebody has reached the lead', async () => {
    const lead = await api.take({ created_at: ago(60 * minutes) });
    await happened(lead, 'contacted');
    await happened(lead, 'scored', { details: { quality_score: 'A' } });
    expect(await dueAfter(lead)).toBe(120);
    expect(await clocksOf(lead)).toHaveLength(1);
  });
});

describe('the state of a lead', () => {
  const created_at = () => ago(3 * 60 * minutes);
  const later = (moment: string, by: number) =>
    new Date(Date.parse(moment) + by * minutes).toISOString();

  test('is pending, then breached, and late once somebody calls', async () => {
    const came = created_at();
    const lead = await api.take({ created_at: came });
    expect((await leadOf(lead, later(came, 119))).sla_state).toBe('pending');
    // Due at this very moment it is no longer pending.
    expect((await leadOf(lead, later(came, 120))).sla_state).toBe('breached');
    await happened(lead, 'contacted', { created_at: later(came, 130) });
    expect((await leadOf(lead)).sla_state).toBe('late');
    expect((await leadOf(lead, later(came, 125))).sla_state).toBe('breached');
  });

  test('is met by a contact up to the last moment, or by what goes beyond one', async () => {
    const came = created_at();
    const [called, booked] = [
      await api.take({ created_at: came }),
      await api.take({ created_at: came }),
    ];
    await happened(called, 'contacted', { created_at: later(came, 120) });
    await happened(booked, 'appointment_scheduled', { created_at: later(came, 60) });
    expect((await leadOf(called)).sla_state).toBe('met');
    expect((await leadOf(booked)).sla_state).toBe('met');
  });

  test('is excused for tests, duplicates, and who died before the time was up', async () => {
    const came = created_at();
    const [test, gone, goneLate] = [
      await api.take({ created_at: came, is_test: true }),
      await api.take({ created_at: came }),
      await api.take({ created_at: came }),
    ];
    const twin = await api.take({ created_at: came, duplicate_of: gone });
    await happened(gone, 'dead', { created_at: later(came, 119) });
    await happened(goneLate, 'dead', { created_at: later(came, 121) });
    const states = [];
    for (const id of [test, twin, gone, goneLate]) states.push((await leadOf(id)).sla_state);
    expect(states).toEqual(['excused', 'excused', 'excused', 'breached']);
  });

  test('under human_only waits for a person', async () => {
    const policy = { name: 'in person', priority: 1, target_minutes: 60, human_only: true };
    await api.post('/v1/sla-policies', policy);
    const came = created_at();
    const lead = await api.take({ created_at: came });
    const by = (event_source: string, after: number) =>
      happened(lead, 'contacted', { event_source, created_at: later(came, after) });
    await by('automation', 1);
    expect((await leadOf(lead)).sla_state).toBe('breached');
    await by('agent', 30);
    expect((await leadOf(lead)).sla_state).toBe('met');
  });
});

test('leads that come while their policies change at the same time all get a clock', async () => {
  const { items } = (await api.get('/v1/sla-policies')).body;
  const all = items.find((one: { name: string }) => one.name === 'all-leads');
  const taken = Array.from({ length: 20 }, () => api.take());
  const changed = Array.from({ length: 10 }, (_, n) =>
    api.patch(`/v1/sla-policies/${all.id}`, { target_minutes: n % 2 ? 120 : 60 }),
  );
  const ids = await Promise.all(taken);
  expect((await Promise.all(changed)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  const due = await Promise.all(ids.map((id) => dueAfter(id)));
  expect(due.every((after) => after === 60 || after === 120)).toBe(true);
});
