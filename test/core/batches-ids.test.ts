import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { batchesTo, type Result, statuses } from '../setup/batches.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let send: ReturnType<typeof batchesTo>['send'];
let count: ReturnType<typeof batchesTo>['count'];
beforeAll(async () => {
  api = await startTestMachine();
  ({ send, count } = batchesTo(api));
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate leads, lead_events cascade'));

const id = '00000000-0000-4000-8000-00000000000a';
const other = '00000000-0000-4000-8000-00000000000b';
const codes = (results: readonly Result[]) =>
  results.map(({ problem }) => problem?.errors?.[0]?.code);

describe('a lead under the id of another one is refused, not taken for it', () => {
  const one = { source: 'zillow', external_id: '9', id };

  test.each([
    ['another name', { ...one, external_id: '10' }],
    ['another source', { ...one, source: 'web' }],
  ])('with %s', async (_, another) => {
    const refused = [undefined, 'lead_id_is_another'];
    const items = [one, another];
    expect(codes(await send('/v1/leads/batch?dry_run=true', items))).toEqual(refused);
    const results = await send('/v1/leads/batch', items);
    expect(statuses(results)).toEqual([201, 422]);
    expect(codes(results)).toEqual(refused);
    expect(results[1]?.problem?.detail).toMatch(/^This id is that of another lead/);
    // Nor when the first one is long there, beside leads that are new.
    const later = await send('/v1/leads/batch', [another, { source: 'new' }, one]);
    expect(statuses(later)).toEqual([422, 201, 200]);
    expect(await count('leads')).toBe(2);
  });

  test('while the same lead again is there already, by whatever it is known', async () => {
    await send('/v1/leads/batch', [one, { source: 'web', id: other }]);
    const again = await send('/v1/leads/batch', [
      one,
      { source: 'zillow', external_id: '9' },
      { source: 'zillow', external_id: '9', id: other },
      { source: 'zillow', id },
      { source: 'web', id: other },
    ]);
    expect(statuses(again)).toEqual([200, 200, 200, 200, 200]);
    expect(again.map((result) => result.id)).toEqual([id, id, id, id, other]);
  });
});

describe('an event under the id of another one is refused, not taken for it', () => {
  const event = { event_source: 'import', id };
  beforeEach(async () => {
    const leads = ['1', '9'].map((external_id) => ({ source: 'zillow', external_id }));
    await send('/v1/leads/batch', leads);
  });

  test.each([
    ['of another lead', { lead_external_id: '1', event_type: 'closed', value: 5 }],
    ['of another name', { lead_external_id: '9', event_type: 'closed', external_id: 'b' }],
  ])('%s', async (_, another) => {
    const items = [
      { ...event, lead_external_id: '9', event_type: 'qualified', external_id: 'a' },
      { ...event, ...another },
    ];
    const results = await send('/v1/events/batch', items);
    expect(statuses(results)).toEqual([201, 422]);
    expect(codes(results)).toEqual([undefined, 'event_id_is_another']);
    expect(results[1]?.problem?.detail).toMatch(/^This id is that of another event/);
    // Nor when the first one is long there; under an id of its own it goes in.
    expect(statuses(await send('/v1/events/batch', [items[1]]))).toEqual([422]);
    const right = { ...another, event_source: 'import', id: other };
    expect(statuses(await send('/v1/events/batch', [right, items[0]]))).toEqual([201, 200]);
    expect(await count('lead_events')).toBe(4);
  });

  test('while the same event again is there already, by whatever it is known', async () => {
    const [lead] = await api.sql("select id from leads where external_id = '9'");
    const named = { ...event, lead_external_id: '9', event_type: 'closed', external_id: 'a' };
    const byId = { event_source: 'import', lead_id: lead?.id, event_type: 'closed' };
    expect(statuses(await send('/v1/events/batch', [named, { ...byId, id: other }]))).toEqual([
      201, 201,
    ]);
    const again = await send('/v1/events/batch', [
      named,
      { ...byId, external_id: 'a' },
      { ...byId, external_id: 'a', id: other },
      { ...byId, id },
      { ...byId, id: other },
    ]);
    expect(statuses(again)).toEqual([200, 200, 200, 200, 200]);
    expect(again.map((result) => result.id)).toEqual([id, id, id, id, other]);
  });
});
