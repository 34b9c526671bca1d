import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pointers, type Result, statuses } from '../setup/batches.ts';
import { corrections } from '../setup/corrections.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate source_spend, corrections'));

/** The amounts of a source, day by day. */
async function amounts(source = 'zillow'): Promise<string[]> {
  const rows = await api.sql<{ amount: string }>(
    'select amount from source_spend where source = $1 order by day',
    [source],
  );
  return rows.map(({ amount }) => amount);
}

async function batch(items: object[], query = ''): Promise<Result[]> {
  const answer = await api.put(`/v1/spend/batch${query}`, { items });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.results;
}

const bill = { source: 'Zillow ', from: '2026-03-01', to: '2026-03-04', amount: 100 };

describe('a batch of bills', () => {
  test('takes each for itself; on a day where two meet the later one stands', async () => {
    const items = [
      bill,
      { source: 'zillow', day: '2026-03-02', amount: '1.00' },
      { source: 'zillow', from: '2026-03-02', to: '2026-03-01', amount: 1 },
      { source: 'zillow', day: '2026-03-02', amount: 1 },
      { source: 'google', day: '2026-03-02', amount: '7.5' },
      { source: 'google', day: '2026-03-02', amount: '7.50' },
      { source: 'google', day: '2026-03-02', amount: -1 },
    ];
    const results = await batch(items);
    expect(statuses(results)).toEqual([201, 201, 422, 200, 201, 200, 422]);
    expect(pointers(results)[2]).toBe('/to');
    expect(await amounts()).toEqual(['33.34', '1.00', '33.33']);
    expect(await amounts('google')).toEqual(['7.50']);
    const [first] = await api.sql(
      `select id from source_spend where source = 'zillow' and day = '2026-03-01'`,
    );
    expect(results[0]?.id).toBe(first?.id);
    // Again: the first bill takes back what the second set, and the second the first.
    expect(statuses(await batch(items))).toEqual([201, 201, 422, 200, 200, 200, 422]);
    expect(await amounts()).toEqual(['33.34', '1.00', '33.33']);
  });

  test('says and leaves the same whether or not it holds a bad item', async () => {
    const days = ['2026-03-01', '2026-03-02', '2026-03-01', '2026-03-03', '2026-03-01'];
    const items = days.map((day, index) => ({ source: 'zillow', day, amount: index % 3 }));
    // The first day becomes 0, 2, and 1.
    const noted = async () => (await corrections(api, 'kind=spend')).map((one) => one.before);
    const good = await batch(items);
    const [stored, left] = [await amounts(), await noted()];
    expect(left).toEqual([{ amount: '2.00' }, { amount: '0.00' }]);
    await api.sql('truncate source_spend, corrections');
    const beside = await batch([...items, { ...bill, to: bill.from }]);
    expect(statuses(beside)).toEqual([...statuses(good), 422]);
    expect([await amounts(), await noted()]).toEqual([stored, left]);
  });

  test('that is rehearsed says the same and stores nothing', async () => {
    await api.put('/v1/spend', bill);
    const items = [bill, { ...bill, amount: 50 }, { ...bill, to: bill.from }];
    expect(statuses(await batch(items, '?dry_run=true'))).toEqual([200, 201, 422]);
    expect(await amounts()).toEqual(['33.34', '33.33', '33.33']);
  });

  test('meets others over the same days: each stands whole, in turn', async () => {
    const days = Array.from({ length: 40 }, (_, index) =>
      new Date(Date.parse('2026-01-01') + index * 86_400_000).toISOString().slice(0, 10),
    );
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((writer) => {
        const turned = days.map((_, index) => days[(index * 7 + writer * 13) % 40]);
        const items = turned.map((day) => ({ source: 'zillow', day, amount: writer }));
        return batch([...items.slice(0, 20), { ...bill, to: bill.from }, ...items.slice(20)]);
      }),
    );
    expect(answers.flat().filter(({ status }) => status === 201).length).toBe(320);
    expect(await api.deadlocks()).toBe(0);
    const stored = await amounts();
    expect([stored.length, new Set(stored).size]).toEqual([40, 1]);
  });
});

test('one writer waits for another, so that halves of batches end in no deadlock', async () => {
  const [first, second] = [await api.pool.connect(), await api.pool.connect()];
  const set = (client: typeof first, from: string, to: string) => {
    const items = [{ index: 0, source: 'zillow', from, to, amount: 1 }];
    return client.query('select * from set_spend($1, now())', [JSON.stringify(items)]);
  };
  await second.query("set lock_timeout = '50ms'");
  await first.query('begin');
  await set(first, '2026-03-02', '2026-03-03');
  await expect(set(second, '2026-03-01', '2026-03-02')).rejects.toThrow('lock timeout');
  await first.query('commit');
  expect((await set(second, '2026-03-01', '2026-03-02')).rows).toMatchObject([{ inserted: true }]);
  for (const client of [first, second]) client.release(true);
});
