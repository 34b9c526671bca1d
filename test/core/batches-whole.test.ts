import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { batchesTo, pointers, statuses } from '../setup/batches.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let send: ReturnType<typeof batchesTo>['send'];
let request: ReturnType<typeof batchesTo>['request'];
let count: ReturnType<typeof batchesTo>['count'];
beforeAll(async () => {
  api = await startTestMachine();
  ({ send, request, count } = batchesTo(api));
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate leads, lead_events, agent_profiles, lead_skills cascade'));

describe('a batch of events', () => {
  test('names its leads by id, or by what their sender calls them', async () => {
    const lead_id = await api.take({ source: 'zillow', external_id: '1' });
    await api.take({ source: 'web', external_id: '2' });
    await api.take({ source: 'zillow', external_id: '2' });
    const event = { event_type: 'contacted', event_source: 'agent' };
    const results = await send('/v1/events/batch', [
      { ...event, lead_id },
      { ...event, lead_external_id: '1' },
      { ...event, lead_external_id: '2' },
      { ...event, lead_external_id: '2', lead_source: 'Web' },
      { ...event, lead_external_id: '3' },
      { ...event, lead_id: '00000000-0000-4000-8000-00000000000a' },
      event,
      { ...event, lead_id, lead_source: 'zillow' },
      { ...event, lead_id, lead_external_id: '1' },
    ]);
    expect(statuses(results)).toEqual([201, 201, 422, 201, 422, 422, 422, 422, 422]);
    expect(pointers(results).slice(2)).toEqual([
      '/lead_external_id',
      undefined,
      '/lead_external_id',
      '/lead_id',
      '/lead_id',
      '/lead_source',
      '/lead_id',
    ]);
    const stages = await api.sql(
      'select source, external_id, current_stage from leads order by 1, 2',
    );
    expect(stages.map((row) => row.current_stage)).toEqual(['contacted', 'contacted', 'new']);
  });

  test('sent again stores nothing where events have ids, of ours or of theirs', async () => {
    const lead_id = await api.take();
    const items = [
      { lead_id, event_type: 'contacted', event_source: 'agent', external_id: 'call-1' },
      { lead_id, event_type: 'contacted', event_source: 'agent', external_id: 'call-1' },
      {
        lead_id,
        event_type: 'closed',
        event_source: 'agent',
        value: '10.00',
        id: '00000000-0000-4000-8000-00000000000a',
      },
    ];
    expect(statuses(await send('/v1/events/batch', items))).toEqual([201, 200, 201]);
    expect(statuses(await send('/v1/events/batch', items))).toEqual([200, 200, 200]);
    expect(await count('lead_events')).toBe(3);
  });

  test('under a key of one source knows no leads of others', async () => {
    const ours = await api.take({ source: 'zillow', external_id: '1' });
    const theirs = await api.take({ source: 'web', external_id: '1' });
    const key = await api.keyWith(['events:write'], 'zillow');
    const event = { event_type: 'responded', event_source: 'lead' };
    const items = [
      { ...event, lead_id: theirs },
      { ...event, lead_external_id: '1' },
      { ...event, lead_external_id: '1', lead_source: 'web' },
    ];
    const results = await send('/v1/events/batch', items, key);
    expect(statuses(results)).toEqual([422, 201, 422]);
    const [event1] = await api.sql(
      `select lead_id from lead_events where event_type = 'responded'`,
    );
    expect(event1?.lead_id).toBe(ours);
  });
});

test('agents and skills come in batches, known ones once', async () => {
  const bea = { first_name: 'Bea', last_name: 'Lund', external_id: 'bea' };
  const agents = [bea, { ...bea, first_name: 'B.' }, { first_name: ' ', last_name: 'Roe' }];
  expect(statuses(await send('/v1/agents/batch', agents))).toEqual([201, 200, 422]);
  expect(statuses(await send('/v1/agents/batch', agents))).toEqual([200, 200, 422]);
  const skills = [{ name: 'night-watch' }, { name: 'Night Watch' }, { name: 'night-watch' }];
  expect(statuses(await send('/v1/skills/batch', skills))).toEqual([201, 422, 200]);
  expect(statuses(await send('/v1/skills/batch', skills))).toEqual([200, 422, 200]);
});

describe('a batch as a whole', () => {
  test('has 1 to 1,000 items in 2 MiB, and nothing beside them', async () => {
    const items = Array.from({ length: 1001 }, () => ({ source: 'zillow' }));
    const statusOf = async (given: unknown) => (await request('/v1/leads/batch', given)).status;
    expect(await statusOf(items)).toBe(422);
    expect(await statusOf([])).toBe(422);
    expect(await statusOf({})).toBe(422);
    const heavy = Array.from({ length: 60 }, () => ({ source: 'a', notes: 'n'.repeat(8000) }));
    expect(await statusOf(heavy)).toBe(200);
    const heavier = Array.from({ length: 300 }, () => ({ source: 'a', notes: 'n'.repeat(8000) }));
    expect(await statusOf(heavier)).toBe(413);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ items: [{ source: 'a' }], mode: 'fast' });
    expect((await api.send('POST', '/v1/leads/batch', { headers, body })).status).toBe(422);
    expect(await count('leads')).toBe(60);
  });

  test('that would outgrow the Data API is refused with a sentence', async () => {
    const quoted = Array.from({ length: 130 }, () => ({ source: 'a', notes: '"'.repeat(8000) }));
    const answer = await request('/v1/leads/batch', quoted);
    expect(answer.status, answer.text).toBe(413);
    expect(answer.body.detail).toMatch(/fewer/);
    expect(await count('leads')).toBe(0);
  });

  test('meets others over the same leads without losing or doubling one', async () => {
    const items = Array.from({ length: 60 }, (_, index) => ({
      source: 'zillow',
      external_id: String(index),
      ...(index === 30 && { agent_external_id: 'nobody' }),
    }));
    const shuffled = [0, 1, 2, 3, 4, 5, 6, 7].map((turn) =>
      items.toSorted(
        (a, b) =>
          ((Number(a.external_id) * 7 + turn * 13) % 60) -
          ((Number(b.external_id) * 7 + turn * 13) % 60),
      ),
    );
    const answers = await Promise.all(shuffled.map((given) => send('/v1/leads/batch', given)));
    const stored = answers.flat().filter(({ status }) => status === 201);
    expect(stored.length).toBe(59);
    expect(await count('leads')).toBe(59);
    expect(await count('lead_events')).toBe(59);
  });
});
