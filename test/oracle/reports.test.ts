import { expect, test } from 'vitest';
import { ANN, BOB, CID, TEAM, teamParameters } from './example-team.ts';
import { parseInstant } from './local-time.ts';
import { oracleReport, type ReportName } from './reports.ts';
import type { Parameters } from './types.ts';

const rows = (name: ReportName, given: Partial<Parameters> = {}) =>
  oracleReport(name, TEAM, teamParameters(given)).rows;

test('executive-summary', () => {
  // Five leads count. Response minutes 10, 30, 120: mean 160 / 3 = 53.33, median 30.
  // Wilson 1 of 5: centre (0.2 + 0.384146) / 1.768292 = 0.330345, reach
  // 1.959964 · √(0.032 + 0.038415) / 1.768292 = 0.294121: 3.62 to 62.45.
  const answer = oracleReport('executive-summary', TEAM, teamParameters());
  expect(answer.excluded).toEqual({ test: 1, duplicate: 1 });
  expect(answer.rows).toEqual([
    {
      total_leads: 5,
      active_sources: 3,
      conversions: 1,
      conversion_rate: 20,
      conversion_rate_n: 5,
      conversion_rate_low: 3.62,
      conversion_rate_high: 62.45,
      avg_response_minutes: 53.33,
      total_revenue: '10000.00',
      avg_deal_value: '10000.00',
      a_leads: 1,
      b_leads: 1,
      c_leads: 0,
      d_leads: 0,
      unscored_leads: 3,
      contacted_leads: 4,
      waiting_leads: 1,
      median_response_minutes: 30,
    },
  ]);
});

test('executive-summary of nothing', () => {
  const [row] = rows('executive-summary', { from: '2020-01-01', to: '2020-01-02' });
  expect(row).toMatchObject({ total_leads: 0, conversion_rate: null, conversion_rate_n: 0 });
  expect(row).toMatchObject({ total_revenue: null, avg_response_minutes: null });
});

test('conversion-funnel', () => {
  // sold: closed; offered: offer; later: contacted; waiting: new; buried: dead, was contacted.
  // Reached: 5 new, 4 contacted, then sold and offered up to offer, sold closed.
  const column = (name: string) => rows('conversion-funnel').map((row) => row[name]);
  expect(column('current_stage')).toEqual([
    'new',
    'contacted',
    'qualified',
    'appointment',
    'offer',
    'closed',
    'dead',
  ]);
  expect(column('count')).toEqual([1, 1, 0, 0, 1, 1, 1]);
  expect(column('percentage')).toEqual([20, 20, 0, 0, 20, 20, 20]);
  expect(column('reached_count')).toEqual([5, 4, 2, 2, 2, 1, 1]);
  expect(column('previous_stage_count')).toEqual([null, 5, 4, 2, 2, 2, null]);
  expect(column('conversion_from_previous')).toEqual([null, 80, 50, 100, 100, 50, null]);
  expect(column('died_here')).toEqual([0, 1, 0, 0, 0, 0, null]);
});

test('response-time by source', () => {
  // zillow 10 and 30; facebook 120 and never; the blank source never. Slowest known last.
  const answer = rows('response-time');
  expect(answer.map((row) => row.source)).toEqual(['zillow', 'facebook', '']);
  expect(answer[0]).toMatchObject({
    total_leads: 2,
    contacted_leads: 2,
    avg_response_minutes: 20,
    median_response_minutes: 20,
    p90_response_minutes: 28, // 10 + 0.9 · 20
    responded_within_1hr: 2,
    pct_within_1hr: 100,
    responded_within_5min: 0,
    responded_within_15min: 1,
    pct_within_15min: 50,
    pct_within_15min_n: 2,
    agent_id: null,
    utm_campaign: null,
  });
  expect(answer[1]).toMatchObject({
    total_leads: 2,
    contacted_leads: 1,
    avg_response_minutes: 120,
    median_all_minutes: 120, // the first of 120, never
    p90_all_minutes: null,
    responded_within_1hr: 0,
    pct_within_24hr: 50,
    waiting_leads: 0,
  });
  expect(answer[2]).toMatchObject({ contacted_leads: 0, avg_response_minutes: null });
  expect(answer[2]).toMatchObject({ waiting_leads: 1, pct_within_5min: 0, pct_within_5min_n: 1 });
});

test('response-time: too young is in neither', () => {
  // One microsecond before `later` is an hour old; exactly an hour; then `offered` is alone or not.
  const hour = (as_of: string) =>
    rows('response-time', { as_of: parseInstant(as_of), source: 'facebook' })[0]?.pct_within_1hr_n;
  expect(hour('2026-11-10T12:59:59.999999Z')).toBe(1);
  expect(hour('2026-11-10T13:00:00Z')).toBe(2);
});

test('response-time of people, by agent', () => {
  // buried was answered by a machine and is dead, so not waiting; offered waits for a person.
  const answer = rows('response-time', { human_only: true, by: 'agent' });
  const shown = answer.map((row) => [
    row.agent_name,
    row.contacted_leads,
    row.avg_response_minutes,
    row.waiting_leads,
  ]);
  expect(shown).toEqual([
    ['Ann Ace', 1, 10, 1],
    ['Cid Core', 1, 120, 0],
    [null, 0, null, 1],
  ]);
  expect(answer.map((row) => row.agent_id)).toEqual([ANN.id, CID.id, null]);
});

test('agent-performance', () => {
  // Ann 1 of 2, her clock on sold is 10 minutes; Cid 0 of 1, called only by Ann; unassigned
  // buried and waiting 0 of 2, nameless so after Cid; Bob without leads has no rate.
  const answer = rows('agent-performance');
  const shown = answer.map((row) => [
    row.agent_name,
    row.agent_id,
    row.leads_assigned,
    row.conversion_rate,
    row.avg_response_minutes,
    row.total_revenue,
  ]);
  expect(shown).toEqual([
    ['Ann Ace', ANN.id, 2, 50, 10, '10000.00'],
    ['Cid Core', CID.id, 1, 0, null, null],
    [null, null, 2, 0, null, null],
    ['Bob Base', BOB.id, 0, null, null, null],
  ]);
  expect(answer.every((row) => row.low_data)).toBe(true);
  const ofBob = rows('agent-performance', { agent_id: BOB.id });
  expect(ofBob.map((row) => row.agent_name)).toEqual(['Bob Base']);
});

test('compare: the previous window as it stood at the same age', () => {
  // From the 11th to the 21st read on the 20th; before: the 1st to the 11th read on the 10th at
  // midnight, when `later` had not come.
  const given = { from: '2026-11-11', to: '2026-11-21', compare: 'previous' } as const;
  const answer = rows('executive-summary', given);
  expect(answer.map((row) => [row.period, row.total_leads])).toEqual([
    ['current', 0],
    ['previous', 4],
  ]);
});

test('experiment-results', () => {
  // Called within 72 hours: control 2 of 2, treatment 1 of 2: 100 · (0.5 − 1) / 1 = −50.
  // Bought within 9 days, later's are over by the 19th: control 1 of 2, treatment 0 of 2: −100.
  const seen = rows('experiment-results');
  const shown = seen.map((row) => Object.values(row).slice(4, 13));
  expect(seen.map((row) => row.name)).toEqual(['bought?', 'called?', 'how soon?']);
  expect(shown).toEqual([
    [2, 50, 2, 0, -100, 2, 2, 0, 0],
    [2, 100, 2, 50, -50, 2, 2, 0, 0],
    [2, null, 2, null, 3800, 2, 2, 0, 0],
  ]);
  // Those that are over ended without a look: nothing is tested.
  expect(seen[0]).toMatchObject({ status: 'completed', difference_points: -50, p_value: null });
  // Minutes 10 and 30 against 120 and a day's 1,440: means 20 and 780, lift 760 / 20 = 3,800 %.
  // Of six ways to choose two of four ranks one is 3 and 4: twice 1 / 6. Four of four planned: the
  // last look, after none. Variances 200 and 871,200, so 1.959964 · √(100 + 435,600) = 1,293.72.
  expect(seen[2]).toMatchObject({
    status: 'running',
    control_minutes: 20,
    treatment_minutes: 780,
    difference_minutes: 760,
    difference_minutes_low: -533.72,
    difference_minutes_high: 2053.72,
    difference_points: null,
    win_probability_pct: 0,
    information_pct: 100,
    health: 'ok',
    // The second came on the 2nd of November: it could have been looked at long ago.
    next_look_leads: 2,
    next_look_at: '2026-11-20T00:00:00.000000Z',
    decision: null,
  });
  expect(seen[2]?.p_value).toBeCloseTo(1 / 3, 12);
  expect(seen[2]?.p_allowed).toBeCloseTo(0.05, 12);
});

test('experiment-results before the time of some is up', () => {
  // An hour before later's day is up: one of treatment, who was never called, against two.
  const as_of = parseInstant('2026-11-11T11:00:00Z');
  const soon = rows('experiment-results', { as_of })[2];
  expect(soon).toMatchObject({ treatment_n: 1, treatment_pending: 1, treatment_minutes: 1440 });
  expect(soon).toMatchObject({ difference_minutes: 1420, difference_minutes_low: null });
});
