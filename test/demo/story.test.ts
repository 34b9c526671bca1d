import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silent } from '../../demo/sources.ts';
import { cast } from '../../demo/team.ts';
import { startDemoMachine } from '../setup/demo.ts';
import { demoEnd, demoYear, demoZone } from '../setup/demo-year.ts';

const year = demoYear();
const wholeYear = `from=${year.firstDay}&as_of=${new Date(demoEnd).toISOString()}&to=2025-05-21`;
const month = `from=2025-04-21&as_of=${new Date(demoEnd).toISOString()}&to=2025-05-21`;

let api: Awaited<ReturnType<typeof startDemoMachine>>;
beforeAll(async () => {
  api = await startDemoMachine();
}, 120_000);
afterAll(() => api.close());

type Row = Record<string, number | string | boolean | null>;

async function report(path: string, window = wholeYear): Promise<Row[]> {
  const answer = await api.get(`/v1/reports/${path}${path.includes('?') ? '&' : '?'}${window}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.rows;
}

const number = (row: Row | undefined, column: string) => Number(row?.[column]);
const sumOf = (rows: readonly Row[], column: string) =>
  rows.reduce((sum, row) => sum + number(row, column), 0);
const named = (rows: readonly Row[], column: string, name: string) =>
  rows.find((row) => row[column] === name);

describe('who comes, and when', () => {
  test('about 20,000 leads, tests and marked duplicates left out', async () => {
    const answer = await api.get(`/v1/reports/executive-summary?${wholeYear}`);
    const [row] = answer.body.rows;
    const { test, duplicate } = answer.body.excluded;
    expect(row.total_leads).toBeGreaterThan(19_000);
    expect(row.total_leads + test + duplicate).toBeLessThan(21_000);
    expect(test).toBeGreaterThan(30);
    expect(duplicate).toBeGreaterThan(250);
    expect(row.active_sources).toBe(9);
    expect(row.unscored_leads / row.total_leads).toBeLessThan(0.25);
    expect(row.unscored_leads / row.total_leads).toBeGreaterThan(0.08);
  });

  test('portals bring most on week-ends, advertisements of the office on workdays', async () => {
    const perDay = async (source: string) => {
      const rows = await report(`trend?source=${encodeURIComponent(source)}`);
      const weekday = (row: Row) => new Date(String(row.date)).getUTCDay() % 6;
      const on = rows.filter((row) => weekday(row) === 0);
      const off = rows.filter((row) => weekday(row) !== 0);
      return sumOf(on, 'total_leads') / on.length / (sumOf(off, 'total_leads') / off.length);
    };
    expect(await perDay('zillow')).toBeGreaterThan(1.15);
    expect(await perDay('google ads')).toBeLessThan(0.55);
  });

  test('evenings are full and nights are empty, by the clock of the zone', async () => {
    const hours = await hoursOfLeads();
    const share = (from: number, to: number) =>
      hours.filter((hour) => from <= hour && hour < to).length / hours.length;
    expect(share(18, 22)).toBeGreaterThan(0.25);
    expect(share(1, 6)).toBeLessThan(0.05);
  });

  test('spring brings more than December', async () => {
    const rows = await report('trend?bucket=month');
    const [december, april] = ['2024-12-01', '2025-04-01'].map((date) => named(rows, 'date', date));
    expect(number(april, 'total_leads')).toBeGreaterThan(1.3 * number(december, 'total_leads'));
  });

  test('one source has been silent for three weeks', async () => {
    const rows = await report(`trend?source=${silent.source}`);
    const last = rows.findLast((row) => number(row, 'total_leads') > 0);
    const days = (demoEnd - Date.parse(String(last?.date))) / 86_400_000;
    expect(days).toBeGreaterThan(silent.days - 1);
    expect(days).toBeLessThan(silent.days + 4);
  });

  /** The hours of the zone in which the leads of a month came. */
  async function hoursOfLeads(): Promise<number[]> {
    const clock = new Intl.DateTimeFormat('en-US', {
      timeZone: demoZone,
      hour: 'numeric',
      hourCycle: 'h23',
    });
    const found: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await api.get(`/v1/leads?limit=200&${month}${cursor && `&cursor=${cursor}`}`);
      for (const lead of page.body.items) {
        found.push(Number(clock.format(new Date(lead.created_at))));
      }
      cursor = page.body.next_cursor;
    }
    return found;
  }
});

describe('who answers', () => {
  test('on one week-end nobody does, and on the others nine in ten are answered', async () => {
    const rows = await report('trend');
    const weekEnds = rows.filter((row) => new Date(String(row.date)).getUTCDay() % 6 === 0);
    const isUnseen = (row: Row) =>
      year.unseen.from <= String(row.date) && String(row.date) < year.unseen.to;
    const share = (some: readonly Row[]) =>
      sumOf(some, 'contacted_leads') / sumOf(some, 'total_leads');
    const unseen = weekEnds.filter(isUnseen);
    expect(unseen.map((row) => row.date)).toEqual(['2025-05-10', '2025-05-11']);
    expect(sumOf(unseen, 'total_leads')).toBeGreaterThan(80);
    expect(share(unseen)).toBe(0);
    const others = weekEnds.filter((row) => !isUnseen(row) && String(row.date) < '2025-05-17');
    expect(share(others)).toBeGreaterThan(0.88);
    for (const row of others) expect(share([row])).toBeGreaterThan(0.6);
  });

  test('some within the hour, and one when it is too late', async () => {
    const rows = await report('response-time?by=agent&human_only=true');
    const median = (name: string) =>
      number(named(rows, 'agent_name', name), 'median_response_minutes');
    expect(median(cast.fastest)).toBeLessThan(30);
    expect(median(cast.slowest)).toBeGreaterThan(20 * 60);
    const medians = rows.map((row) => number(row, 'median_response_minutes')).filter(Boolean);
    expect(Math.max(...medians)).toBe(median(cast.slowest));
  });

  test('a program answers some sources within a minute, people hours later', async () => {
    const recent = `from=2025-01-01&to=2025-05-01&as_of=${new Date(demoEnd).toISOString()}`;
    const by = async (people: boolean) =>
      named(await report(`response-time?human_only=${people}`, recent), 'source', 'facebook');
    expect(number(await by(false), 'median_response_minutes')).toBeLessThan(1);
    expect(number(await by(true), 'median_response_minutes')).toBeGreaterThan(60);
  });

  test('one ticks every lead off within a minute and sells least', async () => {
    const rows = await report('agent-performance');
    const one = named(rows, 'agent_name', cast.ticksOff);
    expect(number(one, 'median_response_minutes')).toBeLessThan(1);
    const ranked = rows.filter((row) => !row.low_data && row.agent_name !== null);
    const rates = ranked.map((row) => number(row, 'conversion_rate'));
    expect(number(one, 'conversion_rate')).toBe(Math.min(...rates));
    const called = named(
      await report('response-time?by=agent&human_only=true', month),
      'agent_name',
      cast.ticksOff,
    );
    expect(called?.contacted_leads).toBe(called?.total_leads);
  });

  test('one is too new to be ranked, and one has left with leads that are open', async () => {
    expect(named(await report('agent-performance'), 'agent_name', cast.newcomer)).toMatchObject({
      low_data: true,
    });
    const { items } = (await api.get('/v1/agents?active=false')).body;
    expect(items).toHaveLength(1);
    expect(`${items[0].first_name} ${items[0].last_name}`).toBe(cast.gone);
    expect(items[0].open_leads).toBeGreaterThan(100);
  });
});

describe('what it is worth', () => {
  test('referrals become customers ten times as often as leads of facebook', async () => {
    const rows = await report('lead-source-performance');
    const rate = (source: string) => number(named(rows, 'source', source), 'conversion_rate');
    expect(rate('referral')).toBeGreaterThan(10 * rate('facebook'));
    expect(rate('google ads')).toBeGreaterThan(rate('zillow'));
    expect(rate('zillow')).toBeGreaterThan(2 * rate('facebook'));
    expect(number(named(rows, 'source', 'zillow'), 'total_revenue')).toBeGreaterThan(200_000);
    expect(named(rows, 'source', '')?.total_leads).toBeGreaterThan(200);
  });

  test('a lead of facebook costs half of one of google ads, a customer far more', async () => {
    const rows = await report('lead-source-performance');
    const [cheap, dear] = ['facebook', 'google ads'].map((name) => named(rows, 'source', name));
    expect(number(cheap, 'cost_per_lead')).toBeLessThan(0.5 * number(dear, 'cost_per_lead'));
    expect(number(cheap, 'cost_per_conversion')).toBeGreaterThan(
      2.5 * number(dear, 'cost_per_conversion'),
    );
    expect(number(cheap, 'roi')).toBeLessThan(60);
    expect(number(dear, 'roi')).toBeGreaterThan(150);
    expect(named(rows, 'source', 'referral')).toMatchObject({ cost_per_lead: null, roi: null });
  });

  test('the silent source brings nothing and goes on to cost', async () => {
    const rows = await report('lead-source-performance', 'from=2025-05-05&to=2025-05-20');
    const row = named(rows, 'source', silent.source);
    expect(row?.total_leads).toBe(0);
    expect(number(row, 'spend')).toBeGreaterThan(500);
  });

  test('every campaign of a source has leads, and leads without one are there too', async () => {
    const rows = await report('lead-source-performance?by=utm_campaign');
    expect(rows.map((row) => row.utm_campaign)).toContain('home-value-quiz');
    expect(rows.length).toBe(11);
    expect(named(rows, 'utm_campaign', 'brand')?.total_leads).toBeGreaterThan(400);
  });
});

describe('what is wrong with the data', () => {
  test('calls before the lead, sales without a call, and whom the story is about', async () => {
    const rows = await report('data-quality');
    const leads = (finding: string) => number(named(rows, 'finding', finding), 'leads');
    for (const finding of ['events_before_creation', 'closed_without_contact']) {
      expect(leads(finding), finding).toBeGreaterThan(15);
      expect(leads(finding), finding).toBeLessThan(120);
    }
    expect(leads('unassigned')).toBeGreaterThan(300);
    expect(leads('unscored')).toBeGreaterThan(1500);
    const others = rows.slice(4).map((row) => [row.finding, row.agent_name, row.source]);
    expect(others).toEqual([
      ['agent_contacts_every_lead', cast.ticksOff, null],
      ['source_silent', null, silent.source],
    ]);
  });

  test('people who came twice within days and are not marked yet', async () => {
    const rows = await report('duplicates');
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.length).toBeLessThan(400);
    expect(new Set(rows.map((row) => row.matched_by))).toEqual(
      new Set(['email', 'phone', 'email,phone']),
    );
  });

  test('events that were taken back', async () => {
    const [found] = await api.sql<{ count: string }>(
      'select count(*) from lead_events where voided_at is not null',
    );
    expect(Number(found?.count)).toBeGreaterThan(15);
    expect(Number(found?.count)).toBeLessThan(90);
  });
});
