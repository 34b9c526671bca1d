import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { corrections, keyId } from '../setup/corrections.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate source_spend, corrections'));

const put = (body: object) => api.put('/v1/spend', body);

/** The amounts of a source, day by day. */
async function amounts(source = 'zillow'): Promise<string[]> {
  const rows = await api.sql<{ amount: string }>(
    'select amount from source_spend where source = $1 order by day',
    [source],
  );
  return rows.map(({ amount }) => amount);
}

const bill = { source: 'Zillow ', from: '2026-03-01', to: '2026-03-04', amount: 100 };
const standing = { source: 'zillow', from: '2026-03-01', to: '2026-03-04', days: 3 };

describe('a bill', () => {
  test('is spread over its days to the cent, the odd cents on the first', async () => {
    const answer = await put(bill);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...standing, amount: '100.00', changed: true });
    expect(await amounts()).toEqual(['33.34', '33.33', '33.33']);
    await put({ ...bill, amount: '0.02' });
    expect(await amounts()).toEqual(['0.01', '0.01', '0.00']);
  });

  test.each([
    ['999999999999.99', 366],
    ['0.01', 366],
    ['1000000.07', 31],
  ])('of %s over %d days adds up', async (amount, days) => {
    const to = new Date(Date.parse('2024-01-01') + days * 86_400_000).toISOString().slice(0, 10);
    const answer = await put({ source: 'zillow', from: '2024-01-01', to, amount });
    expect(answer.body).toMatchObject({ amount, days });
    const [row] = await api.sql(
      'select sum(amount), count(*), max(amount) - min(amount) as gap from source_spend',
    );
    expect(row).toMatchObject({ sum: amount, count: String(days), gap: '0.01' });
  });

  test('told again changes nothing, told otherwise replaces its days and no others', async () => {
    await put(bill);
    const before = await api.sql('select * from source_spend order by day');
    expect((await put(bill)).body).toEqual({ ...standing, amount: '100.00', changed: false });
    expect(await api.sql('select * from source_spend order by day')).toEqual(before);

    const part = { source: 'zillow', from: '2026-03-02', to: '2026-03-05', amount: '9.00' };
    expect((await put(part)).body).toEqual({ ...part, days: 3, changed: true });
    expect(await amounts()).toEqual(['33.34', '3.00', '3.00', '3.00']);
    const after = await api.sql('select * from source_spend order by day');
    expect(after.map(({ id }) => id).slice(0, 3)).toEqual(before.map(({ id }) => id));
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.recorded_at > before[1]?.recorded_at).toBe(true);
  });

  test('told otherwise leaves who, when, and what stood there before', async () => {
    await put(bill);
    await put(bill);
    expect(await corrections(api, 'kind=spend')).toEqual([]);
    const [{ recorded_at }] = (await api.get('/v1/spend')).body.items;
    // 2 March stays at 33.33, the days around it change.
    await put({ ...bill, amount: '99.99' });
    await put({ source: 'zillow', day: '2026-03-03', amount: '1.00' });
    const [third, second] = await corrections(api, 'kind=spend');
    expect(second).toMatchObject({ corrected_by: keyId(api.key) });
    expect(second?.before).toEqual({ amount: '33.34', recorded_at });
    expect(third?.before).toEqual({ amount: '33.33', recorded_at });
    const days = (await api.get('/v1/spend')).body.items;
    expect([days[0].id, days[2].id]).toEqual([third?.subject_id, second?.subject_id]);
    expect(days.map((day: { amount: string }) => day.amount)).toEqual(['1.00', '33.33', '33.33']);
  });

  test('of one day names the day alone; of nothing is 0.00', async () => {
    const answer = await put({ source: 'zillow', day: '2026-02-28', amount: 0 });
    expect(answer.body).toEqual({
      source: 'zillow',
      from: '2026-02-28',
      to: '2026-03-01',
      amount: '0.00',
      days: 1,
      changed: true,
    });
  });

  test('of the blank source is its own', async () => {
    expect((await put({ ...bill, source: ' ' })).body.source).toBe('');
    expect([await amounts(''), await amounts()]).toEqual([['33.34', '33.33', '33.33'], []]);
  });
});

describe('a bill that breaks a rule stores nothing', () => {
  const day = '2026-03-01';
  const cases: [string, object, string][] = [
    ['NaN', { ...bill, amount: 'NaN' }, '/amount'],
    ['infinity', { ...bill, amount: 'Infinity' }, '/amount'],
    ['a negative amount', { ...bill, amount: -1 }, '/amount'],
    ['minus a cent', { ...bill, amount: '-0.01' }, '/amount'],
    ['three decimals', { ...bill, amount: '10.005' }, '/amount'],
    ['13 digits', { ...bill, amount: '1000000000000' }, '/amount'],
    ['no amount', { ...bill, amount: undefined }, '/amount'],
    ['no source', { ...bill, source: undefined }, '/source'],
    ['a source of 101 characters', { ...bill, source: 'x'.repeat(101) }, '/source'],
    ['an empty range', { ...bill, to: bill.from }, '/to'],
    ['a range that runs back', { ...bill, to: '2026-02-28' }, '/to'],
    ['367 days', { ...bill, from: '2024-01-01', to: '2025-01-02' }, '/to'],
    ['the 30th of February', { ...bill, from: '2026-02-30' }, '/from'],
    ['the year 1899', { ...bill, from: '1899-12-31', to: '1900-01-02' }, '/from'],
    ['the year 2200', { ...bill, from: '2199-12-31', to: '2200-01-01' }, '/to'],
    ['a moment', { ...bill, from: '2026-03-01T00:00:00Z' }, '/from'],
    ['no days', { source: 'zillow', amount: 1 }, '/from'],
    ['half of the days', { source: 'zillow', from: day, amount: 1 }, '/from'],
    ['its days twice', { ...bill, day }, '/from'],
    ['an unknown field', { ...bill, currency: 'EUR' }, '/currency'],
    ['an id of its own', { ...bill, id: '00000000-0000-4000-8000-00000000000a' }, '/id'],
  ];
  test.each(cases)('%s', async (_name, body, pointer) => {
    const answer = await put(body);
    expect(answer.status, answer.text).toBe(422);
    const found = answer.body.errors.map((fault: { pointer: string }) => fault.pointer);
    expect(found).toContain(pointer);
    expect(answer.body.errors[0].detail).toMatch(/^[A-Z"].*\.$/);
    const batch = await api.put('/v1/spend/batch', { items: [body] });
    expect(batch.body.results[0].problem.errors).toEqual(answer.body.errors);
    expect(await api.sql('select from source_spend')).toEqual([]);
  });

  test('a budget may be booked for a year from today, in the days of the zone', async () => {
    // On Kiritimati it is 14 hours later than in UTC, and so mostly tomorrow.
    await api.sql(`update workspace set timezone = 'Pacific/Kiritimati'`);
    const [booked] = await api.sql<{ last: string; next: string }>(
      `select last::date::text as last, (last::date + 1)::text as next
       from (
         select (now() at time zone 'Pacific/Kiritimati')::date + interval '1 year'
       ) as d (last)`,
    );
    expect((await put({ source: 'zillow', day: booked?.last, amount: 1 })).status).toBe(200);
    const refused = await put({ source: 'zillow', day: booked?.next, amount: 1 });
    expect(refused.body.errors).toEqual([
      {
        pointer: '/to',
        code: 'spend_not_far_ahead',
        detail: 'Spend may be told for days up to a year ahead.',
      },
    ]);
    await api.sql(`update workspace set timezone = 'UTC'`);
  });
});

describe('spend is listed', () => {
  beforeEach(async () => {
    await put({ source: 'zillow', from: '2026-03-01', to: '2026-03-06', amount: 50 });
    await put({ source: 'google', from: '2026-03-03', to: '2026-03-05', amount: '1.01' });
  });

  test('newest day first, page by page without a gap or a twin', async () => {
    const seen: Record<string, string>[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await api.get(`/v1/spend?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.body.total).toBe(7);
      seen.push(...page.body.items);
      cursor = page.body.next_cursor as string | null;
    }
    expect(seen.map(({ day }) => day?.slice(8))).toEqual([
      '05',
      '04',
      '04',
      '03',
      '03',
      '02',
      '01',
    ]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
    expect(seen[0]).toMatchObject({ source: 'zillow', day: '2026-03-05', amount: '10.00' });
  });

  test('by source and days, the last one not among them', async () => {
    const list = async (query: string) => {
      const { body } = await api.get(`/v1/spend?${query}`);
      expect(body.total).toBe(body.items.length);
      return body.items.map((item: { day: string; amount: string }) => [item.day, item.amount]);
    };
    expect(await list('source=Google')).toEqual([
      ['2026-03-04', '0.50'],
      ['2026-03-03', '0.51'],
    ]);
    expect(await list('source=google&from=2026-03-04')).toEqual([['2026-03-04', '0.50']]);
    expect(await list('source=google&from=2026-03-03&to=2026-03-04')).toEqual([
      ['2026-03-03', '0.51'],
    ]);
    expect(await list('to=2026-03-01')).toEqual([]);
  });

  test.each([
    ['from=2026-03-02&to=2026-03-01', '/query/to'],
    ['from=yesterday', '/query/from'],
    ['day=2026-03-01', '/query/day'],
    ['limit=201', '/query/limit'],
    ['cursor=nonsense', '/query/cursor'],
  ])('not by %s', async (query, pointer) => {
    const answer = await api.get(`/v1/spend?${query}`);
    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([400, pointer]);
  });
});
