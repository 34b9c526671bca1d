import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventAt, factsOf, leadAt } from '../oracle/examples.ts';
import type { Watched } from '../oracle/kaplan-meier.ts';
import { CONTROL, TREATMENT } from '../oracle/kaplan-meier-of-r.ts';
import { MINUTE } from '../oracle/local-time.ts';
import type { Facts, Row } from '../oracle/types.ts';
import { type Asked, later, rowsOf } from '../setup/asked-reports.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const noon = '2026-11-10T12:00:00.000000Z';
const after = (minutes: number) => later(noon, BigInt(minutes) * MINUTE);
const curve = (facts: Partial<Facts>, asked: Asked = {}) =>
  rowsOf(api, 'contact-curve', factsOf(facts), asked);
const at = (rows: Row[], within: string, source: string | null = null) =>
  rows.find((row) => row.within === within && row.source === source);

/** Leads of noon, contacted after so many minutes or, where it is null, not. */
function leadsOf(
  source: string,
  minutes: readonly (number | null)[],
): Pick<Facts, 'leads' | 'events'> {
  const all = minutes.map((time) => ({ lead: leadAt(noon, { source }), time }));
  return {
    leads: all.map(({ lead }) => lead),
    events: all.flatMap(({ lead, time }) =>
      time === null ? [] : [eventAt(lead, after(time), 'contacted')],
    ),
  };
}

const minutesOf = (watched: readonly Watched[]) =>
  watched.map(({ time, event }) => (event ? time : null));

test('is what R says of the same minutes', async () => {
  const arms = [
    leadsOf('control', minutesOf(CONTROL.watched)),
    leadsOf('treatment', minutesOf(TREATMENT.watched)),
  ];
  const facts = {
    leads: arms.flatMap((arm) => arm.leads),
    events: arms.flatMap((arm) => arm.events),
  };
  const rows = await curve(facts, { by: 'source', as_of: after(1440) });
  const shown = (within: string, source: string) => {
    const row = at(rows, within, source);
    return [row?.at_risk, row?.pct_contacted, row?.pct_contacted_low, row?.pct_contacted_high];
  };
  // Of the treatment 70, 40, 30 and 15 % are left, of the control 90 % after an hour.
  expect(shown('5 minutes', 'treatment')).toEqual([15, 30, 14.75, 54.95]);
  expect(shown('1 hour', 'treatment')).toEqual([8, 60, 39.95, 80.72]);
  expect(shown('4 hours', 'treatment')).toEqual([6, 70, 49.86, 87.75]);
  expect(shown('24 hours', 'treatment')).toEqual([3, 85, 66.53, 96.27]);
  expect(shown('1 hour', 'control').slice(0, 2)).toEqual([18, 10]);
  expect(shown('24 hours', 'control').slice(0, 2)).toEqual([4, 80]);
  const medians = rows.filter((row) => row.within === '1 hour').map(Object.entries);
  expect(medians.map((row) => row.filter(([name]) => name.startsWith('median')))).toEqual([
    Object.entries({ median_minutes: 270, median_minutes_low: 90, median_minutes_high: 905 }),
    Object.entries({ median_minutes: 28.5, median_minutes_low: 4, median_minutes_high: 260 }),
  ]);
});

test('nobody contacted, everybody contacted: no interval', async () => {
  const rows = await curve(leadsOf('zillow', [3, 10]), { as_of: after(200) });
  const shown = ['1 minute', '5 minutes', '15 minutes', '24 hours'].map((within) => {
    const row = at(rows, within);
    return [row?.at_risk, row?.pct_contacted, row?.pct_contacted_low, row?.pct_contacted_high];
  });
  // Half of two: 1.959964 · √(1/2) / −ln 0.5 = 1.99944, e to that 7.38488; 1 − 0.5^(1/7.38488) is
  // 8.96 %, 1 − 0.5^7.38488 is 99.40 %.
  expect(shown).toEqual([
    [2, 0, null, null],
    [1, 50, 8.96, 99.4],
    [0, 100, null, null],
    [0, 100, null, null],
  ]);
});

test('of a time at which no lead is that old nothing is known', async () => {
  const rows = await curve(leadsOf('zillow', [3, null]), { as_of: after(60) });
  expect(at(rows, '1 hour')).toMatchObject({ at_risk: 1, contacted_leads: 1, pct_contacted: 50 });
  expect(at(rows, '2 hours')).toMatchObject({
    total_leads: 2,
    at_risk: 0,
    contacted_leads: 1,
    pct_contacted: null,
    pct_contacted_low: null,
    pct_contacted_high: null,
    // At half from 3 minutes to the last of 60.
    median_minutes: 31.5,
  });
});

test('a lead that waits counts for as long as it has been there', async () => {
  // Two of three hours ago, one contacted after 90 minutes; eight of half an hour ago wait. That is
  // one of two in the second hour, not one of ten.
  const old = leadsOf('zillow', [90, null]);
  const young = Array.from({ length: 8 }, () => leadAt(after(150)));
  const facts = { leads: [...old.leads, ...young], events: old.events };
  const rows = await curve(facts, { as_of: after(180) });
  expect(at(rows, '30 minutes')).toMatchObject({ at_risk: 10, pct_contacted: 0 });
  expect(at(rows, '2 hours')).toMatchObject({ at_risk: 1, contacted_leads: 1, pct_contacted: 50 });
});

test('a lead that died uncalled stays: nobody reached it', async () => {
  const { leads, events } = leadsOf('zillow', [20, null]);
  const dead = leads.slice(1).map((lead) => eventAt(lead, after(10), 'dead'));
  const rows = await curve({ leads, events: [...events, ...dead] }, { as_of: after(60) });
  expect(at(rows, '15 minutes')).toMatchObject({ at_risk: 2, pct_contacted: 0 });
  expect(at(rows, '30 minutes')).toMatchObject({ at_risk: 1, pct_contacted: 50 });
});

test('a contact before the lead came in took no time; one at a step is within it', async () => {
  const rows = await curve(leadsOf('zillow', [-5, 5, 6]), { as_of: after(60) });
  expect(at(rows, '1 minute')).toMatchObject({
    at_risk: 2,
    contacted_leads: 1,
    pct_contacted: 33.33,
  });
  expect(at(rows, '5 minutes')).toMatchObject({
    at_risk: 2,
    contacted_leads: 2,
    pct_contacted: 66.67,
  });
});

test('a share is as exact as a rate', async () => {
  // 3 of 32 are 9.375 %, a half: away from zero is 9.38.
  const minutes = Array.from({ length: 32 }, (_, index) => (index < 3 ? index + 1 : null));
  const rows = await curve(leadsOf('zillow', minutes), { as_of: after(60) });
  expect(at(rows, '5 minutes')?.pct_contacted).toBe(9.38);
});
