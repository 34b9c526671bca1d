import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { batchesTo, pointers, statuses } from '../setup/batches.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let send: ReturnType<typeof batchesTo>['send'];
let count: ReturnType<typeof batchesTo>['count'];
beforeAll(async () => {
  api = await startTestMachine();
  ({ send, count } = batchesTo(api));
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate leads, lead_events, agent_profiles, lead_skills cascade'));

describe('a batch of leads', () => {
  test('stores the good ones, whatever is wrong with the others', async () => {
    const results = await send('/v1/leads/batch', [
      { source: 'zillow', external_id: '1' },
      { external_id: '2' },
      { source: 'zillow', external_id: '3', agent_external_id: 'nobody' },
      { source: 'zillow', notes: 'a\u0000b' },
      'no lead at all',
      { source: 'zillow', created_at: '2199-01-01T00:00:00Z' },
      { source: 'zillow', external_id: '7', raw_data: { text: 'x'.repeat(33_000) } },
      { source: 'zillow', external_id: '8', notes: '"'.repeat(8000), raw_data: quotes(31_000) },
      { source: 'zillow', external_id: '9' },
    ]);
    expect(statuses(results)).toEqual([201, 422, 422, 422, 422, 422, 422, 201, 201]);
    expect(pointers(results)).toEqual([
      undefined,
      '/source',
      '/agent_external_id',
      '/notes',
      '',
      '/created_at',
      '/raw_data',
      undefined,
      undefined,
    ]);
    expect(await count('leads')).toBe(3);
    expect(await count('lead_events')).toBe(3);
  });

  test('refuses the one that is too large for a row, and no other', async () => {
    const large = {
      source: 'zillow',
      notes: '\u0001'.repeat(4000),
      raw_data: quotes(31_000),
      qualification_reason: { why: 'x'.repeat(5000) },
      quality_score: 'A',
      first_name: '"'.repeat(200),
      referrer_url: '\u0001'.repeat(2000),
    };
    const results = await send('/v1/leads/batch', [{ source: 'a' }, large, { source: 'b' }]);
    expect(statuses(results)).toEqual([201, 422, 201]);
    expect(results[1]?.problem?.detail).toMatch(/^The lead is larger than 52 KB/);
    expect((await api.post('/v1/leads', large)).body.detail).toBe(results[1]?.problem?.detail);
  });

  test('takes a repeated item as the first one, and a repeated batch as nothing new', async () => {
    const items = ['1', '2', '1', '3', '2'].map((external_id, index) => ({
      source: 'zillow',
      external_id,
      first_name: `row ${index}`,
    }));
    const first = await send('/v1/leads/batch', items);
    expect(statuses(first)).toEqual([201, 201, 200, 201, 200]);
    expect(first[2]?.id).toBe(first[0]?.id);
    const names = await api.sql('select first_name from leads order by external_id');
    expect(names.map((row) => row.first_name)).toEqual(['row 0', 'row 1', 'row 3']);
    const again = await send('/v1/leads/batch', items);
    expect(statuses(again)).toEqual([200, 200, 200, 200, 200]);
    expect(await count('lead_events')).toBe(3);
  });

  test('of a thousand with ten that nobody can store has 990 stored', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => ({
      source: 'zillow',
      external_id: String(index),
      ...(index % 100 === 7 && { agent_external_id: 'nobody' }),
    }));
    const results = await send('/v1/leads/batch', items);
    expect(results.filter(({ status }) => status === 422).map(({ index }) => index)).toEqual(
      Array.from({ length: 10 }, (_, index) => index * 100 + 7),
    );
    expect(await count('leads')).toBe(990);
    expect(await count('lead_events')).toBe(990);
  });

  test('finds the original of a duplicate that stands before it, beside a bad item', async () => {
    const [original, duplicate] = ['0b', '0a'].map(
      (end) => `00000000-0000-4000-8000-0000000000${end}`,
    );
    const results = await send('/v1/leads/batch', [
      { source: 'zillow', id: duplicate, duplicate_of: original },
      { source: 'zillow', agent_external_id: 'nobody' },
      { source: 'zillow', id: original },
    ]);
    expect(statuses(results)).toEqual([201, 422, 201]);
  });

  test('keeps ids only for who may choose them', async () => {
    const id = '00000000-0000-4000-8000-00000000000a';
    const writer = await api.keyWith(['leads:write']);
    const refused = await send('/v1/leads/batch', [{ source: 'a', id }, { source: 'a' }], writer);
    expect(statuses(refused)).toEqual([403, 201]);
    expect(statuses(await send('/v1/leads/batch', [{ source: 'a', id }]))).toEqual([201]);
    const again = await send('/v1/leads/batch', [{ source: 'a', id }]);
    expect(again).toEqual([{ index: 0, status: 200, id }]);
  });

  test('under a key of one source takes in leads of that source', async () => {
    const key = await api.keyWith(['leads:write'], 'zillow');
    const results = await send('/v1/leads/batch', [{ source: 'web' }, { source: 'Zillow' }], key);
    expect(statuses(results)).toEqual([403, 201]);
  });

  test('that is rehearsed says the same and stores nothing', async () => {
    const items = [
      { source: 'zillow', external_id: '1' },
      { source: 'zillow', external_id: '1' },
      { source: 'zillow', agent_external_id: 'nobody' },
    ];
    expect(statuses(await send('/v1/leads/batch?dry_run=true', items))).toEqual([201, 200, 422]);
    expect(await count('leads')).toBe(0);
    expect(statuses(await send('/v1/leads/batch', items))).toEqual([201, 200, 422]);
  });

  test('says of each item what the item alone would have been told', async () => {
    const item = fc.record(
      {
        source: fc.constantFrom('zillow', 'Zillow ', '', 7),
        external_id: fc.constantFrom('1', '2', '3'),
        first_name: fc.constantFrom('Ada', null, 'x'.repeat(201), '\ud800'),
        agent_external_id: fc.constantFrom('bea', 'nobody'),
        created_at: fc.constantFrom('2026-03-01T10:00:00Z', '2199-01-01T00:00:00Z', 'soon'),
        quality_score: fc.constantFrom('A', 'E'),
      },
      { requiredKeys: ['source', 'external_id'] },
    );
    const batches = fc.array(item, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(batches, async (items) => {
        const truncate = 'truncate leads, lead_events, agent_profiles cascade';
        await api.sql(truncate);
        await api.addAgent({ external_id: 'bea' });
        const alone: [number, string][] = [];
        for (const given of items) {
          const answer = await api.post('/v1/leads', given);
          alone.push([answer.status, answer.body.detail]);
        }
        await api.sql(truncate);
        await api.addAgent({ external_id: 'bea' });
        const together = await send('/v1/leads/batch', items);
        expect(together.map((r) => [r.status, r.problem?.detail])).toEqual(alone);
      }),
      { numRuns: 25 },
    );
  });
});

function quotes(length: number) {
  return { text: 'x'.repeat(length) };
}
