import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate leads, lead_events, source_spend cascade'));

type Money = [unknown, unknown, unknown, unknown, unknown, unknown];

const march = 'from=2026-03-01&to=2026-04-01';

/** Source, leads, spend, cost per lead, cost per conversion and roi of each row. */
async function money(query = march): Promise<Money[]> {
  const answer = await api.get(`/v1/reports/lead-source-performance?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.rows.map((row: Record<string, unknown>) => [
    row.source,
    row.total_leads,
    row.spend,
    row.cost_per_lead,
    row.cost_per_conversion,
    row.roi,
  ]);
}

async function spend(source: string, from: string, to: string, amount: string): Promise<void> {
  const answer = await api.put('/v1/spend', { source, from, to, amount });
  expect(answer.status, answer.text).toBe(200);
}

/** A lead of March, and what it was sold for on a day, if it was. */
async function lead(source: string, day: string, sold?: { on: string; for: string }) {
  const id = await api.take({ source, created_at: `${day}T12:00:00Z` });
  if (!sold) return;
  const event = { event_type: 'closed', event_source: 'agent', value: sold.for };
  await api.post(`/v1/leads/${id}/events`, { ...event, created_at: `${sold.on}T12:00:00Z` });
}

describe('what a source costs', () => {
  test('is divided by its leads and sales, and rounded once, half up', async () => {
    // 100.01 for 3 leads is 33.3366…, for 2 sales 50.005; 100 · (250 − 100.01) / 100.01 = 149.975….
    await spend('zillow', '2026-03-01', '2026-04-01', '100.01');
    await lead('zillow', '2026-03-01', { on: '2026-03-09', for: '250.00' });
    await lead('zillow', '2026-03-02', { on: '2026-03-09', for: '0.00' });
    await lead('zillow', '2026-03-31');
    expect(await money()).toEqual([['zillow', 3, '100.01', '33.34', '50.01', 149.98]]);
  });

  test('is divided by nothing where there is nothing, and nothing is divided by it', async () => {
    await spend('zillow', '2026-03-01', '2026-03-02', '10.00');
    await spend('google', '2026-03-01', '2026-03-02', '0.00');
    await lead('zillow', '2026-03-05');
    await lead('google', '2026-03-05', { on: '2026-03-06', for: '900.00' });
    await lead('', '2026-03-05');
    expect(await money()).toEqual([
      ['google', 1, '0.00', null, null, null],
      ['', 1, '0.00', null, null, null],
      ['zillow', 1, '10.00', '10.00', null, -100],
    ]);
  });

  test('stands in a row of its own without a lead, unless it was nothing', async () => {
    await spend('billboard', '2026-03-01', '2026-03-02', '10.00');
    await spend('', '2026-03-01', '2026-03-02', '5.00');
    await spend('leaflet', '2026-03-01', '2026-03-02', '0.00');
    await lead('zillow', '2026-03-05');
    expect(await money()).toEqual([
      ['zillow', 1, '0.00', null, null, null],
      ['', 0, '5.00', null, null, -100],
      ['billboard', 0, '10.00', null, null, -100],
    ]);
    expect(await money(`${march}&source=`)).toEqual([['', 0, '5.00', null, null, -100]]);
    const answer = await api.get(`/v1/reports/lead-source-performance?${march}&source=billboard`);
    expect(answer.body.rows[0]).toMatchObject({
      conversions: 0,
      d_leads: 0,
      conversion_rate: null,
    });
    expect(answer.body.rows[0]).toMatchObject({ conversion_rate_n: 0, total_revenue: null });
  });

  test('stands beside the sales of the same days, by the day of closing', async () => {
    // February's lead is sold in March: March's money, and not March's lead.
    await spend('zillow', '2026-02-01', '2026-04-01', '590.00');
    await lead('zillow', '2026-02-20', { on: '2026-03-02', for: '930.00' });
    await lead('zillow', '2026-03-05');
    expect(await money()).toEqual([['zillow', 1, '310.00', '310.00', null, -100]]);
    const closed = `${march}&basis=converted`;
    expect(await money(closed)).toEqual([['zillow', 1, '310.00', '310.00', '310.00', 200]]);
  });

  test.each(['by=source,quality_score', 'by=utm_campaign', 'agent_id=none', 'quality_score=none'])(
    'is not told with %s',
    async (query) => {
      await spend('zillow', '2026-03-01', '2026-04-01', '310.00');
      await spend('billboard', '2026-03-01', '2026-04-01', '310.00');
      await lead('zillow', '2026-03-05');
      const [row, ...others] = await money(`${march}&${query}`);
      expect([row?.slice(1), others]).toEqual([[1, null, null, null, null], []]);
    },
  );
});

describe('the days that count', () => {
  beforeEach(async () => {
    for (const [index, day] of ['02-28', '03-01', '03-31', '04-01'].entries()) {
      const to = new Date(Date.parse(`2026-${day}`) + 86_400_000).toISOString().slice(0, 10);
      await spend('zillow', `2026-${day}`, to, String(10 ** index));
    }
  });

  test('are those of the window', async () => {
    expect(await money()).toEqual([['zillow', 0, '110.00', null, null, -100]]);
    expect(await money('from=2026-03-02&to=2026-03-31')).toEqual([]);
  });

  test('have come by the moment that the report is seen as of, in its zone', async () => {
    const spent = async (as_of: string) => (await money(`${march}&as_of=${as_of}`))[0]?.[2];
    expect(await spent('2026-03-30T23:59:59Z')).toBe('10.00');
    expect(await spent('2026-03-31T00:00:00Z')).toBe('110.00');
    await api.sql(`update workspace set timezone = 'Pacific/Auckland'`);
    expect(await spent('2026-03-30T10:59:59Z')).toBe('10.00');
    expect(await spent('2026-03-30T11:00:00Z')).toBe('110.00');
    await api.sql(`update workspace set timezone = 'UTC'`);
  });

  test('of the window before are seen at the same age', async () => {
    // April as of the 1st beside the 30 days before it, as of the first of them: 2 March.
    const april = 'from=2026-04-01&to=2026-05-01&as_of=2026-04-01T09:00:00Z&compare=previous';
    expect(await money(april)).toEqual([['zillow', 0, '1000.00', null, null, -100]]);
    const later = april.replace('04-01T09', '04-30T09');
    expect((await money(later)).map((row) => row[2])).toEqual(['1000.00', '100.00']);
  });
});

test('the columns stand where the specification has them', async () => {
  const { text } = await api.get('/v1/reports/lead-source-performance?format=csv');
  const [header = ''] = text.split('\r\n');
  expect(header).toContain(
    ',unscored_leads,spend,cost_per_lead,cost_per_conversion,roi,conversion_rate_n,',
  );
});
