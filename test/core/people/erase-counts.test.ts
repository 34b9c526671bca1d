import { afterAll, beforeAll, expect, test } from 'vitest';
import { reports } from '../../../core/catalogue/reports.ts';
import { generateHistory } from '../../oracle/histories.ts';
import { DAY, formatInstant, startOfLocalDay } from '../../oracle/local-time.ts';
import type { Row } from '../../oracle/types.ts';
import { disagreements, shapesOf } from '../../setup/drill-down.ts';
import { storeHistory } from '../../setup/facts.ts';
import { startTestMachine } from '../../setup/machine.ts';

const place = { timezone: 'America/New_York', from: '2026-02-20', to: '2026-03-22' };
const as_of = startOfLocalDay(place.to, place.timezone) - 2n * DAY;
const refreshed_at = startOfLocalDay(place.to, place.timezone) + 80n * DAY;

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
  await api.sql('update workspace set timezone = $1', [place.timezone]);
  await storeHistory(api.pool, generateHistory({ ...place, seed: 7, leads: 400 }));
  await api.sql(
    `update leads set external_id = id::text, email = email_normalised, notes = 'garden'`,
  );
  await refresh(1);
});
afterAll(() => api.close());

/** The view as of a moment of its own. */
async function refresh(seconds: number): Promise<void> {
  await api.sql('refresh materialized view lead_metrics');
  await api.sql('insert into metric_refreshes (scheduled_at) values ($1)', [
    formatInstant(refreshed_at + BigInt(seconds) * 1_000_000n),
  ]);
}

const moment = formatInstant(as_of);
const windows: Record<string, string>[] = [
  {},
  { from: place.from, to: place.to },
  { from: place.from, to: place.to, as_of: moment },
  { from: '2026-03-01', to: '2026-03-15', as_of: moment, compare: 'previous' },
  { from: place.from, to: place.to, as_of: moment, quality_score: 'A' },
  { from: place.from, to: place.to, as_of: moment, utm_campaign: '' },
];

/** Reports that show what tells of persons: they are looked at apart. */
const apart = ['duplicates', 'waiting-leads'];

/** As of now they say what passes by itself: a pace until now, how long a source is silent. */
const movesOn = (path: string) =>
  /^(experiment-results|data-quality)\?/.test(path) && !path.includes('as_of');

/** Every other report, in every shape and window that it takes. */
const asked = reports
  .filter(({ name }) => !apart.includes(name))
  .flatMap((report) =>
    shapesOf(report).flatMap((shape) =>
      windows.map((window) => {
        const taken = Object.entries(window).filter(([key]) =>
          (report.takes as readonly string[]).includes(key),
        );
        return `${report.name}?${new URLSearchParams({ ...Object.fromEntries(taken), ...shape })}`;
      }),
    ),
  )
  .filter((path) => !movesOn(path));

async function answers(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const path of new Set(asked)) {
    const { status, body, text } = await api.get(`/v1/reports/${path}`);
    expect(status, text).toBe(200);
    // A moment that was not asked for is now.
    found[path] = path.includes('as_of') ? body : body.rows;
  }
  return found;
}

const suggestions = async (): Promise<Row[]> => {
  const window = new URLSearchParams({ from: place.from, to: place.to, as_of: moment });
  return (await api.get(`/v1/reports/duplicates?${window}`)).body.rows;
};

/** Who waits, by lead: at the same age the dearest comes first, which an erased one is no more. */
const waiting = async (): Promise<Map<unknown, Row>> => {
  const { body } = await api.get(`/v1/reports/waiting-leads?as_of=${moment}`);
  return new Map(body.rows.map((row: Row) => [row.lead_id, row]));
};

test('every report says the same after every third person was erased', async () => {
  const before = await answers();
  const suggested = await suggestions();
  expect(suggested.length).toBeGreaterThan(5);
  const waited = await waiting();

  const ids = await api.sql<{ id: string }>('select id from leads order by md5(id::text)');
  const erased = ids.filter((_, index) => index % 3 === 0).map(({ id }) => id);
  for (const id of erased.slice(0, 20)) {
    expect((await api.post(`/v1/leads/${id}/erase`, {})).status).toBe(200);
  }
  await api.sql(`select erase_leads($1, 'test', null, now())`, [erased]);
  const [count] = await api.sql(`select count(*)::integer from leads where erased_at is not null`);
  expect(count).toEqual({ count: erased.length });

  expect(await answers()).toEqual(before);
  await refresh(2);
  const later = await answers();
  const metrics = Object.keys(before).filter((path) => path.startsWith('lead-metrics'));
  const rows = (all: Record<string, unknown>) => metrics.map((path) => all[path]);
  expect(metrics.length).toBeGreaterThan(0);
  expect(rows(later)).toEqual(rows(before));

  // Suggestions are drawn from addresses and numbers: those of the erased are gone with them.
  const gone = new Set(erased);
  const left = await suggestions();
  expect(left.some((row) => gone.has(String(row.lead_id)))).toBe(false);
  expect(left.some((row) => gone.has(String(row.original_id)))).toBe(false);
  const pairs = (all: Row[]) => all.map((row) => `${row.lead_id} ${row.matched_lead_id}`);
  const staying = pairs(suggested).filter((pair) => !pair.split(' ').some((id) => gone.has(id)));
  expect(staying.length).toBeGreaterThan(0);
  expect(pairs(left)).toEqual(expect.arrayContaining(staying));

  expect(waited.size).toBeGreaterThan(20);
  for (const id of erased) {
    const row = waited.get(id);
    if (row) waited.set(id, { ...row, estimated_value: null });
  }
  expect(await waiting()).toEqual(waited);
}, 120_000);

test.each(reports.map(({ name }) => name).filter((name) => name !== 'duplicates'))(
  'and what %s counts, the list of leads still shows',
  async (name) => {
    const isView = name === 'lead-metrics';
    const seen = isView ? as_of + 82n * DAY : as_of;
    const search = new URLSearchParams({
      from: place.from,
      to: place.to,
      ...(!isView && { as_of: formatInstant(seen) }),
    });
    const { rows } = (await api.get(`/v1/reports/${name}?${search}`)).body;
    const opened = { ...place, as_of: seen, shape: {}, rows, each: 2 };
    expect(await disagreements(api, name, opened)).toEqual([]);
  },
);
