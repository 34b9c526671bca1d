import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Arrival, startExperimentScene } from './scene.ts';

let scene: Awaited<ReturnType<typeof startExperimentScene>>;
beforeAll(async () => {
  scene = await startExperimentScene();
});
afterEach(() => scene.sql('truncate leads, lead_experiments, lead_skills cascade'));
afterAll(() => scene.close());

/** Who comes is put into one arm and the other by turns. */
function byTurns(experiment: string, events: Arrival['events']): () => Arrival {
  let seen = 0;
  return () => {
    seen += 1;
    const lead = scene.somebody(experiment, seen % 2 === 0 ? 'control' : 'treatment');
    return { lead, ...(events && { events }) };
  };
}

/** Of each arm so many of ten are contacted after an hour, by turns. */
function contacted(id: string, share: Record<'treatment' | 'control', number>): () => Arrival {
  const seen = { treatment: 0, control: 0 };
  return byTurns(id, (arm) => {
    if (arm !== 'treatment' && arm !== 'control') return [];
    seen[arm] += 1;
    const before = Math.floor((share[arm] * (seen[arm] - 1)) / 10);
    return Math.floor((share[arm] * seen[arm]) / 10) > before ? [['contacted', 60]] : [];
  });
}

const times = (count: number, one: () => Arrival) => Array.from({ length: count }, one);
const plan = { name: 'fast-lane', primary_metric: 'response_rate', min_effect: 0.25 };

describe('an experiment ends as it should', () => {
  test('a true effect is kept, and what it was is in the sentence', async () => {
    const skill = (await scene.post('/v1/skills', { name: 'instant-responder' })).body.id;
    const id = await scene.start({
      ...plan,
      skill_id: skill,
      guardrails: [{ metric: 'dead_rate' }],
    });
    const arrival = contacted(id, { treatment: 9, control: 3 });
    await scene.days(20, () => times(6, arrival));
    const ended = await scene.experiment(id);
    expect(ended).toMatchObject({ status: 'completed', decision: 'KEEP', decision_code: 'WIN' });
    const sentence = [
      'KEEP: \\d+ of \\d+ treated leads were contacted within 72 h, \\d+ of \\d+ others: ',
      '(8|9)\\d % against (2|3)\\d % \\(\\+\\d+ points, 9\\d.* % interval \\+\\d+ to \\+\\d+; ',
      'p below 0.0001, at most the .* allowed at look 1 of 3\\)\\. ',
      'Likely overstated: stopped at \\d+ % of the planned leads\\. ',
      'Split healthy \\(\\d+ treated, \\d+ others\\)\\. Guardrails: dead rate not shown safe\\.',
    ];
    expect(ended.decision_reason).toMatch(new RegExp(`^${sentence.join('')}$`));
    expect(ended.decided_at).toBeNull();
    // Not before two weeks have passed, though the leads had their time before.
    expect(Date.parse(ended.ended_at) - Date.parse(ended.started_at)).toBe(14 * 86_400_000);

    const confirmed = await scene.post(`/v1/experiments/${id}/decision`, { decision: 'KEEP' });
    expect(confirmed.body.decided_by).toMatch(/^\w/);
    const { body } = await scene.get(`/v1/skills/${skill}`);
    expect(body).toMatchObject({ status: 'active', avg_improvement_lift: ended.lift_percentage });
    expect(body.avg_improvement_lift).toBeGreaterThan(100);
  });

  test('no effect is not kept', async () => {
    const id = await scene.start(plan);
    const arrival = contacted(id, { treatment: 4, control: 4 });
    await scene.days(20, () => times(8, arrival));
    const ended = await scene.experiment(id);
    expect(ended.status).toBe('completed');
    expect([ended.decision, ended.decision_code]).toEqual(['KILL', 'FUTILE']);
  });

  test('harm ends it before the first look', async () => {
    const id = await scene.start({ ...plan, min_duration_days: 30 });
    const arrival = contacted(id, { treatment: 1, control: 9 });
    await scene.days(12, () => times(8, arrival));
    const ended = await scene.experiment(id);
    expect([ended.decision, ended.decision_code]).toEqual(['KILL', 'EARLY_HARM']);
    const looks = await scene.looks(id);
    expect(looks).toHaveLength(1);
    expect(looks[0]).toMatchObject({ planned: null, decision: 'KILL' });
  });

  test('a splitter that sends all to one arm is not believed', async () => {
    const id = await scene.start(plan);
    const treated = () => ({ lead: scene.somebody(id, 'treatment') });
    await scene.days(2, () => times(10, treated));
    const ended = await scene.experiment(id);
    expect([ended.decision, ended.decision_code]).toEqual(['INCONCLUSIVE', 'INVALID_SRM']);
    expect(ended.decision_reason).toMatch(
      /The arms are not split as planned.*Split broken \(\d+ treated, \d+ others\)/,
    );
  });

  test('leads that mature late are waited for, and not counted before', async () => {
    const id = await scene.start({
      ...plan,
      primary_metric: 'appointment_rate',
      outcome_window_hours: 30 * 24,
      target_sample_size: 40,
      looks: [1],
      min_duration_days: 0,
    });
    // Treatment brings appointments sooner, and no more of them.
    let seen = 0;
    const arrival = byTurns(id, (arm) => {
      seen += 1;
      // Each second of an arm, as they come by turns.
      if (seen % 4 < 2) return [];
      return [['appointment_scheduled', arm === 'treatment' ? 60 : 25 * 24 * 60]];
    });
    await scene.days(6, () => times(8, arrival));
    await scene.days(24, () => []);
    expect((await scene.experiment(id)).status).toBe('running');
    await scene.days(6, () => []);
    const ended = await scene.experiment(id);
    expect(ended.status).toBe('completed');
    expect(ended.decision).not.toBe('KEEP');
    expect(ended.control_sample_size + ended.treatment_sample_size).toBeGreaterThanOrEqual(40);
  });

  test('a time to contact goes by ranks, and shorter is better', async () => {
    const id = await scene.start({ name: 'speed', primary_metric: 'time_to_contact' });
    let seen = 0;
    const arrival = byTurns(id, (arm) => {
      seen += 1;
      return [['contacted', arm === 'treatment' ? 2 + (seen % 5) : 100 + (seen % 50)]];
    });
    await scene.days(16, () => times(6, arrival));
    const ended = await scene.experiment(id);
    expect([ended.decision, ended.decision_code]).toEqual(['KEEP', 'WIN']);
    expect(ended.lift_percentage).toBeLessThan(-90);
    expect(ended.decision_reason).toMatch(/a treated one was sooner in 100 % of pairs/);
  });
});
