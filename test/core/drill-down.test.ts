import { afterAll, beforeAll, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { generateHistory } from '../oracle/histories.ts';
import { DAY, formatInstant, startOfLocalDay } from '../oracle/local-time.ts';
import { countsOf, disagreements, shapesOf } from '../setup/drill-down.ts';
import { storeHistory } from '../setup/facts.ts';
import { startTestMachine } from '../setup/machine.ts';
import { closed, findings } from '../setup/openings.ts';

const place = { timezone: 'America/New_York', from: '2026-02-20', to: '2026-03-22' };
// In the middle of things: leads of the window's last two days are not there yet.
const as_of = startOfLocalDay(place.to, place.timezone) - 2n * DAY;

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
  await api.sql('update workspace set timezone = $1', [place.timezone]);
  await storeHistory(api.pool, generateHistory({ ...place, seed: 5, leads: 900 }));
  await api.sql('refresh materialized view lead_metrics');
  await api.sql('insert into metric_refreshes (scheduled_at) values ($1)', [
    formatInstant(startOfLocalDay(place.to, place.timezone) + 80n * DAY),
  ]);
});
afterAll(() => api.close());

const opening = reports.filter((report) => countsOf(report).open.length > 0);
const cases = opening.flatMap((report) =>
  shapesOf(report).map((shape) => [report.name, new URLSearchParams(shape), shape] as const),
);

test.each(cases)('what %s?%s counts, the list of leads shows', async (name, _search, shape) => {
  const seen = name === 'lead-metrics' ? as_of + 82n * DAY : as_of;
  const takesMoment = name !== 'lead-metrics';
  const search = new URLSearchParams({
    from: place.from,
    to: place.to,
    ...(takesMoment && { as_of: formatInstant(seen) }),
    ...shape,
  });
  const answer = await api.get(`/v1/reports/${name}?${search}`);
  expect(answer.status, answer.text).toBe(200);
  const { rows } = answer.body;
  expect(rows.length).toBeGreaterThan(0);
  if (name === 'data-quality') {
    const found = rows.map((row: { finding: string }) => row.finding);
    expect(new Set(found)).toEqual(new Set(Object.keys(findings)));
  }
  const asked = { ...place, as_of: seen, shape, rows, each: 2 };
  expect(await disagreements(api, name, asked)).toEqual([]);
});

test('every column that counts opens, or it is said why it cannot', () => {
  const forgotten = reports.flatMap((report) =>
    countsOf(report).forgotten.map((column) => `${report.name} ${column}`),
  );
  expect(forgotten).toEqual([]);
  const known = reports.flatMap((report) =>
    countsOf(report).closed.map((column) => `${report.name} ${column}`),
  );
  expect(known.toSorted()).toEqual(Object.keys(closed).toSorted());
});
