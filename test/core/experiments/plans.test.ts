import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startExperimentScene } from './scene.ts';

let scene: Awaited<ReturnType<typeof startExperimentScene>>;
beforeAll(async () => {
  scene = await startExperimentScene();
});
afterEach(() => scene.sql('truncate leads, lead_experiments, lead_skills cascade'));
afterAll(() => scene.close());

const plan = { name: 'fast-lane', primary_metric: 'response_rate' };
const codes = ({ body }: { body: { errors: { pointer: string; code: string }[] } }) =>
  body.errors.map(({ pointer, code }) => [pointer, code]);

describe('a plan', () => {
  test('is a draft of the usual form, and says what it can show', async () => {
    const { status, body } = await scene.post('/v1/experiments', {
      ...plan,
      baseline_rate: 0.4,
      min_effect: 0.1,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'draft',
      traffic_split: 0.5,
      target_sample_size: 100,
      looks: [0.5, 0.75, 1],
      outcome_window_hours: 72,
      min_duration_days: 14,
      max_duration_days: 90,
      alpha: 0.05,
    });
    // 100 leads show 27.6 points above 40 %, and 10 points take 775 leads: R's power.prop.test.
    expect(body.outlook.detectable_effect).toBeCloseTo(0.276, 3);
    expect(body.outlook.leads_needed).toBe(775);
    expect(body.outlook.power_at_min_effect).toBeCloseTo(0.17, 2);
    expect(body.outlook.warnings).toEqual(['UNDERPOWERED']);
  });

  test('takes its baseline from the leads of the last 90 days that it is for', async () => {
    for (let n = 0; n < 18; n += 1) {
      await scene.arrive({ events: () => (n % 3 === 0 ? [['contacted', 60]] : []) });
      await scene.arrive({ lead: { source: 'web' } });
    }
    await scene.pass(4 * 86_400_000);
    const segment_filter = { source: 'zillow' };
    // A day of a team that began four days ago: of three of them nobody knows yet how it went.
    const young = (await scene.post('/v1/experiments', { ...plan, segment_filter })).body.outlook;
    expect([young.leads_per_day, young.days_needed]).toEqual([18, 9]);
    await scene.sql(
      `insert into leads (source, created_at) values ('web', $1::timestamptz - interval '1 year')`,
      [new Date(scene.now()).toISOString()],
    );
    const { body } = await scene.post('/v1/experiments', {
      ...plan,
      segment_filter: { source: 'zillow' },
    });
    expect(body.outlook).toMatchObject({ baseline_leads: 18, leads_per_day: 0.2 });
    expect(body.outlook.baseline_rate).toBeCloseTo(1 / 3, 10);
    expect([body.outlook.days_needed, body.outlook.warnings]).toEqual([503, ['TOO_SLOW']]);
  });

  test.each<[string, object, [string, string][]]>([
    ['an unknown metric', { primary_metric: 'happiness' }, [['/primary_metric', 'invalid_value']]],
    ['a split of 0', { traffic_split: 0 }, [['/traffic_split', 'too_small']]],
    ['a split of 1', { traffic_split: 1 }, [['/traffic_split', 'too_big']]],
    [
      'a filter on an unknown field',
      { segment_filter: { shoe_size: 43 } },
      [['/segment_filter/shoe_size', 'unknown_field']],
    ],
    ['looks that fall', { looks: [0.8, 0.5, 1] }, [['/looks', 'custom']]],
    ['looks without an end', { looks: [0.5, 0.8] }, [['/looks', 'custom']]],
    [
      'a guardrail that it is about',
      { guardrails: [{ metric: 'response_rate' }] },
      [['/guardrails', 'lead_experiments_guardrails']],
    ],
    [
      'a second metric that is the first',
      { secondary_metrics: ['response_rate'] },
      [['/secondary_metrics', 'lead_experiments_secondary_metrics']],
    ],
    [
      'a skill that is not there',
      { skill_id: '00000000-0000-4000-8000-000000000000' },
      [['/skill_id', 'lead_experiments_skill_id_fkey']],
    ],
    [
      'an end before its beginning',
      { min_duration_days: 30, max_duration_days: 20 },
      [['/max_duration_days', 'lead_experiments_max_duration']],
    ],
    [
      'a window beyond its end',
      { outcome_window_hours: 24 * 91 },
      [['/outcome_window_hours', 'lead_experiments_outcome_window']],
    ],
    [
      'an effect of more than all',
      { min_effect: 25 },
      [['/min_effect', 'lead_experiments_min_effect']],
    ],
  ])('with %s is a 422 that says where', async (_, changes, faults) => {
    const answer = await scene.post('/v1/experiments', { ...plan, ...changes });
    expect(answer.status).toBe(422);
    expect(codes(answer)).toEqual(faults);
  });
});

describe('what is started', () => {
  test('keeps its plan: a change is a 409, its words may change', async () => {
    const draft = (await scene.post('/v1/experiments', plan)).body;
    const path = `/v1/experiments/${draft.id}`;
    const changed = await scene.patch(path, { traffic_split: 0.3, min_effect: 0.2 });
    expect(changed.body).toMatchObject({ traffic_split: 0.3, min_effect: 0.2 });
    await scene.post(`${path}/start`);
    for (const change of [{ traffic_split: 0.5 }, { baseline_rate: 0.9 }, { looks: [1] }]) {
      const late = await scene.patch(path, change);
      expect([late.status, codes(late)]).toEqual([409, [['', 'lead_experiments_started']]]);
    }
    expect((await scene.patch(path, { hypothesis: 'they answer' })).status).toBe(200);
    const { body } = await scene.get(`/v1/corrections?kind=experiment`);
    const changes = body.items.map(({ before }: { before: object }) => Object.keys(before).sort());
    expect(changes).toEqual([
      ['hypothesis'],
      ['started_at', 'status'],
      ['min_effect', 'traffic_split'],
    ]);
  });

  test('goes from draft to running, to and from paused, to completed, no other way', async () => {
    const { id } = (await scene.post('/v1/experiments', plan)).body;
    const step = async (name: string) => {
      const { status, body } = await scene.post(`/v1/experiments/${id}/${name}`);
      return status === 200 ? body.status : body.errors[0].code;
    };
    expect(await step('pause')).toBe('experiment_begun');
    expect(await step('complete')).toBe('experiment_begun');
    expect(await step('start')).toBe('running');
    expect(await step('start')).toBe('running');
    expect(await step('pause')).toBe('paused');
    expect(await step('start')).toBe('running');
    expect(await step('complete')).toBe('completed');
    expect(await step('complete')).toBe('completed');
    expect(await step('start')).toBe('experiment_not_over');
    const nobody = '/v1/experiments/00000000-0000-4000-8000-000000000000';
    expect((await scene.post(`${nobody}/start`)).status).toBe(404);
    expect((await scene.get(`${nobody}/looks`)).status).toBe(404);
  });

  test('ten at most', async () => {
    for (let n = 0; n < 10; n += 1) await scene.start({ ...plan, name: `no ${n}` });
    const { id } = (await scene.post('/v1/experiments', plan)).body;
    const answer = await scene.post(`/v1/experiments/${id}/start`);
    expect([answer.status, codes(answer)]).toEqual([409, [['', 'experiments_at_once']]]);
  });

  test('and ended by hand is told as it stood, untested', async () => {
    const id = await scene.start(plan);
    await scene.arrive({ events: () => [['contacted', 5]] });
    await scene.pass(4 * 86_400_000);
    const { body } = await scene.post(`/v1/experiments/${id}/complete`);
    expect(body).toMatchObject({
      decision: 'INCONCLUSIVE',
      decision_code: 'STOPPED',
      p_value: null,
      confidence_level: 0.95,
    });
    expect(body.control_sample_size + body.treatment_sample_size).toBe(1);
    expect(await scene.looks(id)).toHaveLength(1);
  });

  test('takes in nobody while it is paused, and those in it go on', async () => {
    const id = await scene.start({ ...plan, target_sample_size: 20, looks: [1] });
    const at = (day: number) => scene.pass(day * 86_400_000);
    for (let n = 0; n < 20; n += 1) {
      const lead = scene.somebody(id, n % 2 === 0 ? 'control' : 'treatment');
      await scene.arrive({
        lead,
        events: (arm) => (arm === 'treatment' ? [['contacted', 9]] : []),
      });
    }
    await scene.post(`/v1/experiments/${id}/pause`);
    expect((await scene.arrive({})).arm).toBeNull();
    for (let day = 0; day < 14; day += 1) {
      await at(1);
      await scene.evaluate();
    }
    const ended = await scene.experiment(id);
    expect([ended.status, ended.decision]).toEqual(['completed', 'KEEP']);
    expect([ended.control_sample_size, ended.treatment_sample_size]).toEqual([10, 10]);
    expect(ended.warnings).toEqual([]);
  });
});

describe('a decision', () => {
  async function decided(skill?: string): Promise<string> {
    const id = await scene.start({ ...plan, ...(skill !== undefined && { skill_id: skill }) });
    await scene.post(`/v1/experiments/${id}/complete`);
    return `/v1/experiments/${id}/decision`;
  }

  test('that is not the one recommended says why, and moves the skill', async () => {
    const skill = (await scene.post('/v1/skills', { name: 'instant-responder' })).body.id;
    const path = await decided(skill);
    const silent = await scene.post(path, { decision: 'KILL' });
    expect([silent.status, codes(silent)]).toEqual([
      422,
      [['/because', 'experiment_decided_because']],
    ]);
    const killed = await scene.post(path, { decision: 'KILL', because: 'too dear' });
    expect(killed.body).toMatchObject({
      decision: 'KILL',
      recommended: 'INCONCLUSIVE',
      decided_because: 'too dear',
      decision_code: 'STOPPED',
    });
    const { body } = await scene.get(`/v1/skills/${skill}`);
    expect([body.status, typeof body.deprecated_at]).toEqual(['deprecated', 'string']);
    // Taken up again, by hand.
    const again = await scene.patch(`/v1/skills/${skill}`, { status: 'active' });
    expect(again.body).toMatchObject({ status: 'active', deprecated_at: null });
    expect((await scene.patch(`/v1/skills/${skill}`, {})).status).toBe(422);
  });

  test('waits for the end', async () => {
    const id = await scene.start(plan);
    const early = await scene.post(`/v1/experiments/${id}/decision`, { decision: 'KEEP' });
    expect([early.status, codes(early)]).toEqual([409, [['', 'experiment_over']]]);
  });
});
