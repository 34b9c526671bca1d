import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateHistory } from '../oracle/histories.ts';
import { DAY, formatInstant, startOfLocalDay } from '../oracle/local-time.ts';
import { storeHistory } from '../setup/facts.ts';
import { startTestMachine } from '../setup/machine.ts';

const place = { timezone: 'America/New_York', from: '2026-02-20', to: '2026-03-22' };
const as_of = formatInstant(startOfLocalDay(place.to, place.timezone) - 2n * DAY);
const window = `from=${place.from}&to=${place.to}&as_of=${as_of}`;

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
  await api.sql('update workspace set timezone = $1', [place.timezone]);
  await storeHistory(api.pool, generateHistory({ ...place, seed: 5, leads: 900 }));
});
afterAll(() => api.close());

type Row = Record<string, string | number | null>;

async function rows(report: string): Promise<Row[]> {
  const answer = await api.get(`/v1/reports/${report}&${window}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.rows;
}

/** How many leads a row's column opens to. */
async function opened(filters: string): Promise<number> {
  const answer = await api.get(`/v1/leads?limit=1&${window}&${filters}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.total;
}

/** The filters of a row, by the keys it is grouped by. */
function keysOf(row: Row, keys: readonly string[]): string {
  const search = new URLSearchParams();
  for (const key of keys) search.set(key, row[key] === null ? 'none' : String(row[key]));
  return search.toString();
}

const cases: [string, readonly string[], Record<string, string>][] = [
  [
    'executive-summary?',
    [],
    {
      total_leads: '',
      conversions: 'converted=true',
      a_leads: 'quality_score=A',
      d_leads: 'quality_score=D',
      unscored_leads: 'quality_score=none',
      contacted_leads: 'reached=contacted',
      waiting_leads: 'waiting=true',
    },
  ],
  [
    'response-time?by=agent',
    ['agent_id'],
    {
      total_leads: '',
      contacted_leads: 'answered=true',
      waiting_leads: 'waiting=true',
      responded_within_1hr: 'responded_within_minutes=60',
      responded_within_5min: 'responded_within_minutes=5',
      responded_within_24hr: 'responded_within_minutes=1440',
    },
  ],
  [
    'response-time?human_only=true',
    ['source'],
    {
      contacted_leads: 'answered=true&human_only=true',
      waiting_leads: 'waiting=true&human_only=true',
      responded_within_1hr: 'responded_within_minutes=60&human_only=true',
    },
  ],
  [
    'lead-source-performance?by=source,quality_score',
    ['source', 'quality_score'],
    {
      total_leads: '',
      leads_by_score: '',
      conversions: 'converted=true',
      contacted_leads: 'reached=contacted',
      qualified_leads: 'reached=qualified',
    },
  ],
  [
    'lead-source-performance?',
    ['source'],
    { total_leads: '', conversions: 'converted=true', unscored_leads: 'quality_score=none' },
  ],
  ['agent-performance?', ['agent_id'], { leads_assigned: '', conversions: 'converted=true' }],
];

test.each(cases)('what %s counts, the list of leads shows', async (report, keys, columns) => {
  const answered = await rows(report);
  expect(answered.length).toBeGreaterThan(0);
  for (const row of answered) {
    for (const [column, filters] of Object.entries(columns)) {
      const query = `${keysOf(row, keys)}&${filters}`;
      expect(await opened(query), `${column} of ${query}`).toBe(row[column]);
    }
  }
});

test('each stage of the funnel opens to who is, got and died there', async () => {
  for (const row of await rows('conversion-funnel?')) {
    const stage = row.current_stage;
    expect(await opened(`stage=${stage}`)).toBe(row.count);
    if (stage === 'dead') continue;
    expect(await opened(`reached=${stage}`)).toBe(row.reached_count);
    expect(await opened(`died_at=${stage}`)).toBe(row.died_here);
  }
});

test('each day of the trend opens to its leads', async () => {
  for (const row of await rows('trend?bucket=day')) {
    expect(await opened(`created_on=${row.date}`)).toBe(row.total_leads);
    expect(await opened(`created_on=${row.date}&converted=true`)).toBe(row.converted_leads);
  }
});

test('each finding of the data opens to its leads', async () => {
  const filters: Record<string, (row: Row) => string> = {
    events_before_creation: () => 'finding=events_before_creation',
    closed_without_contact: () => 'finding=closed_without_contact',
    unscored: () => 'quality_score=none',
    unassigned: () => 'agent_id=none',
    agent_contacts_every_lead: (row) =>
      `${keysOf(row, ['agent_id'])}&answered=true&human_only=true`,
    source_silent: (row) => keysOf(row, ['source']),
  };
  const answered = await rows('data-quality?');
  expect(new Set(answered.map((row) => row.finding))).toEqual(new Set(Object.keys(filters)));
  for (const row of answered) {
    const query = filters[String(row.finding)]?.(row) ?? '';
    expect(await opened(query), query).toBe(row.leads);
    const all = ['agent_id', 'source'].filter((key) => row[key] !== null);
    expect(await opened(keysOf(row, all)), `all of ${query}`).toBe(row.total_leads);
  }
});
