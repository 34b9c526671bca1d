import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dayMs, startExperimentScene } from './scene.ts';

let scene: Awaited<ReturnType<typeof startExperimentScene>>;
beforeAll(async () => {
  scene = await startExperimentScene();
});
afterEach(() => scene.sql('truncate leads, lead_experiments, lead_skills cascade'));
afterAll(() => scene.close());

/** The report's one row, now or as of a moment. */
async function row(as_of?: number) {
  const search = as_of === undefined ? '' : `?as_of=${new Date(as_of).toISOString()}`;
  const { status, body } = await scene.get(`/v1/reports/experiment-results${search}`);
  expect(status).toBe(200);
  expect(body.rows).toHaveLength(1);
  return body.rows[0];
}

/** By turns: of ten who are treated nine are contacted after an hour, of the others three. */
function arrivals(id: string) {
  let seen = 0;
  return () => {
    seen += 1;
    const arm = seen % 2 === 0 ? 'control' : 'treatment';
    const isContacted = Math.floor(seen / 2) % 10 < (arm === 'treatment' ? 9 : 3);
    const events = (): [string, number][] => (isContacted ? [['contacted', 60]] : []);
    return { lead: scene.somebody(id, arm), events };
  };
}

const plan = { name: 'fast-lane', primary_metric: 'response_rate' };

test('the report says what the evaluation saw, and as of before nothing of it', async () => {
  const id = await scene.start(plan);
  const arrival = arrivals(id);
  const begin = scene.now();
  await scene.days(13, () => Array.from({ length: 6 }, arrival));
  // Those of 11 days have had their 72 hours, those of 2 have not. A first look at 66 % may spend
  // 2 − 2Φ(2.2414 / √0.66) = 0.0058 on each side.
  const running = await row();
  expect(running).toMatchObject({
    ...{ experiment_id: id, status: 'running', health: 'ok', decision: null },
    ...{ control_n: 33, treatment_n: 33, control_pending: 6, treatment_pending: 6 },
    ...{ information_pct: 66, p_allowed: 0.0115966, next_look_leads: 50 },
  });
  expect(Date.parse(running.next_look_at)).toBe(begin + 14 * dayMs);
  const before = scene.now();
  await scene.pass(1000);

  await scene.days(1, () => Array.from({ length: 6 }, arrival));
  const [look] = await scene.looks(id);
  const ended = await row();
  expect(ended).toMatchObject({ status: 'completed', decision: 'KEEP', decision_code: 'WIN' });
  expect(ended.decision_reason).toBe(look.decision_reason);
  expect([ended.control_n, ended.treatment_n]).toEqual([look.control_n, look.treatment_n]);
  expect(ended.p_value).toBeCloseTo(look.p_value, 9);
  expect(ended.p_allowed).toBeCloseTo(look.p_allowed, 6);
  expect(ended.difference_points_low).toBeCloseTo(100 * look.difference_low, 1);
  expect(ended.difference_points_high).toBeCloseTo(100 * look.difference_high, 1);
  expect(ended.next_look_at).toBeNull();
  const end = scene.now();

  await scene.pass(dayMs);
  const other = { decision: 'KILL', because: 'Nobody has time for it.' };
  await scene.post(`/v1/experiments/${id}/decision`, other);
  const decided = await row();
  expect(decided).toEqual({
    ...ended,
    decision: 'KILL',
    decision_reason: `${look.decision_reason} Decided KILL: Nobody has time for it.`,
  });
  expect(await row(end)).toEqual(ended);
  expect(await row(before)).toEqual(running);
});

test('a look lifts the level of the next; an end by hand tests nothing', async () => {
  const id = await scene.start({ ...plan, looks: [0.1, 1], min_duration_days: 1 });
  const quiet = () => ({ lead: scene.somebody(id, 'treatment') });
  const loud = () => ({ lead: scene.somebody(id, 'control') });
  await scene.days(6, () => [quiet(), loud(), quiet(), loud()]);
  const [look] = await scene.looks(id);
  expect(look).toMatchObject({ planned: 1, decision: null });
  const running = await row();
  expect(running).toMatchObject({ next_look_leads: 100, p_value: 1, control_pct: 0 });
  expect(running.p_allowed).toBeCloseTo(0.05, 4);
  expect(running.p_allowed).toBeGreaterThan(look.p_allowed);

  await scene.post(`/v1/experiments/${id}/complete`);
  expect(await row()).toMatchObject({
    ...{ decision: 'INCONCLUSIVE', decision_code: 'STOPPED', difference_points: 0, lift_pct: null },
    ...{ p_value: null, p_allowed: null, difference_points_low: null, health: 'ok' },
  });
});

test('nobody yet: nothing to compare, and the last day is when it is looked at', async () => {
  await scene.start(plan);
  const begin = scene.now();
  await scene.days(2, () => []);
  const seen = await row();
  expect(seen).toMatchObject({ control_n: 0, p_value: null, health: 'NO_DATA' });
  expect(Date.parse(seen.next_look_at)).toBe(begin + 90 * dayMs);
});
