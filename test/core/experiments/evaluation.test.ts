import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  type ExperimentMessage,
  experimentMessage,
  experimentText,
} from '../../../core/experiments/announcement.ts';
import { handler as check } from '../../../functions/check-sla.ts';
import { handler as evaluate } from '../../../functions/evaluate-experiments.ts';
import { dayMs, startExperimentScene } from './scene.ts';

let scene: Awaited<ReturnType<typeof startExperimentScene>>;
beforeAll(async () => {
  scene = await startExperimentScene();
});
afterEach(async () => {
  await scene.received();
  await scene.sql(
    'truncate leads, lead_experiments, lead_skills, alert_messages, job_runs cascade',
  );
});
afterAll(() => scene.close());

const plan = { name: 'fast-lane', primary_metric: 'response_rate' };
const at = (milliseconds = 0) => ({
  scheduled_at: new Date(scene.now() + milliseconds).toISOString(),
});
const run = (milliseconds = 0) => evaluate(at(milliseconds), {} as never);
const told = async () => (await scene.received()) as unknown as ExperimentMessage[];

/** Forty people in a day, of whom all treated are contacted and nobody else. */
async function clearCase(): Promise<string> {
  const id = await scene.start({ ...plan, target_sample_size: 40, looks: [1] });
  for (let n = 0; n < 40; n += 1) {
    const lead = scene.somebody(id, n % 2 === 0 ? 'control' : 'treatment');
    await scene.arrive({ lead, events: (arm) => (arm === 'treatment' ? [['contacted', 9]] : []) });
  }
  await scene.pass(14 * dayMs);
  return id;
}

test('fired five times at once it looks once, and tells once, in three calls each', async () => {
  const id = await clearCase();
  scene.machine.dataApi.resetCalls();
  const runs = await Promise.all(Array.from({ length: 5 }, () => run()));
  expect(scene.machine.dataApi.calls()).toBe(15);
  expect(runs.map(({ ended }) => ended).sort()).toEqual([0, 0, 0, 0, 1]);
  expect(await scene.looks(id)).toHaveLength(1);
  const messages = await told();
  expect(messages.map((message) => message.id)).toEqual([`experiment:${id}:ended`]);
  expect(experimentMessage.parse(messages[0])).toMatchObject({
    happened: 'ended',
    decision: 'KEEP',
    decision_code: 'WIN',
    auto_apply: false,
  });
  await run(dayMs);
  expect(await told()).toEqual([]);
});

test('is of the day: a second one on it changes nothing, the next day goes on', async () => {
  const id = await scene.start(plan);
  await run();
  const first = await scene.experiment(id);
  await run(3 * 60 * 60 * 1000);
  expect(await scene.experiment(id)).toEqual(first);
  await run(dayMs);
  expect((await scene.experiment(id)).evaluated_at).not.toBe(first.evaluated_at);
});

test('what SNS refuses is told by whoever comes next, under the same id', async () => {
  const id = await clearCase();
  const restore = await scene.withoutTopic();
  await expect(run()).rejects.toThrow(/Topic does not exist/);
  expect((await scene.experiment(id)).status).toBe('completed');
  await restore();
  await check(at(60 * 60 * 1000), {} as never);
  const experiments = (await told()).filter(({ transition }) => transition === 'experiment');
  expect(experiments.map((message) => message.id)).toEqual([`experiment:${id}:ended`]);
});

test('what is wrong with it is told once, each thing', async () => {
  const id = await scene.start(plan);
  for (let day = 0; day < 3; day += 1) {
    await scene.pass(dayMs);
    await run();
  }
  expect((await scene.experiment(id)).warnings).toEqual(['NO_DATA']);
  const [message, ...others] = await told();
  expect(others).toEqual([]);
  expect(message).toMatchObject({ warning: 'NO_DATA', happened: 'warned', decision: null });
  // Who waited in the queue is in none.
  await scene.sql(
    `insert into leads (source, created_at, recorded_at) select 'zillow', $1, $1
     from generate_series(1, 3)`,
    [new Date(scene.now()).toISOString()],
  );
  await scene.arrive({});
  await scene.pass(dayMs);
  await run();
  expect((await scene.experiment(id)).warnings).toEqual(['LOW_COVERAGE']);
  expect((await told()).map(({ warning }) => warning)).toEqual(['LOW_COVERAGE']);
});

/** A treatment that was clearly better, applied by itself: the experiment and its skill. */
async function runApplied(meanwhile: (skill: string) => Promise<unknown> = async () => undefined) {
  const { id: skill } = (await scene.post('/v1/skills', { name: 'instant-responder' })).body;
  const id = await scene.start({
    ...plan,
    skill_id: skill,
    auto_apply: true,
    target_sample_size: 40,
    looks: [1],
  });
  for (let n = 0; n < 40; n += 1) {
    const lead = scene.somebody(id, n % 2 === 0 ? 'control' : 'treatment');
    await scene.arrive({ lead, events: (arm) => (arm === 'treatment' ? [['contacted', 9]] : []) });
  }
  await scene.pass(14 * dayMs);
  await meanwhile(skill);
  await run();
  expect(await scene.experiment(id)).toMatchObject({ decision: 'KEEP', decided_by: 'auto_apply' });
  return { id, status: (await scene.get(`/v1/skills/${skill}`)).body.status };
}

test('what is applied by itself is, and the message says so', async () => {
  const { id, status } = await runApplied();
  expect(status).toBe('active');
  const [message] = await told();
  const text = experimentText(message as ExperimentMessage, 'https://leads.example.com');
  expect(text).toMatch(
    /^Experiment fast-lane, about response rate\n\nKEEP: 20 of 20 treated leads/,
  );
  const address = `https://leads.example.com/v1/experiments/${id}/decision`;
  expect(text).toContain(`It was applied. To decide otherwise: POST ${address}`);
});

test('a skill that somebody deprecated meanwhile stays so, until somebody says KEEP', async () => {
  const { id, status } = await runApplied((skill) =>
    scene.patch(`/v1/skills/${skill}`, { status: 'deprecated' }),
  );
  expect(status).toBe('deprecated');
  const again = { decision: 'KEEP', because: 'we do need it' };
  const { body } = await scene.post(`/v1/experiments/${id}/decision`, again);
  expect((await scene.get(`/v1/skills/${body.skill_id}`)).body.status).toBe('active');
});

test('whole seconds of a client make no lead one that was contacted before', async () => {
  const id = await scene.start({ ...plan, primary_metric: 'time_to_contact' });
  for (let n = 0; n < 8; n += 1) {
    const { id: lead } = await scene.arrive({});
    await scene.post(`/v1/leads/${lead}/events`, {
      event_type: 'contacted',
      event_source: 'automation',
      created_at: new Date(scene.now() - 900).toISOString(),
    });
  }
  await scene.pass(2 * dayMs);
  const { body } = await scene.get('/v1/reports/experiment-results');
  const [row] = body.rows;
  expect(row.experiment_id).toBe(id);
  expect(row.control_assigned + row.treatment_assigned).toBe(8);
  expect(row.control_minutes ?? 0).toBe(0);
});

test('what somebody wrote down by hand holds up no other', async () => {
  const id = await clearCase();
  await scene.sql(
    `insert into lead_experiments (name, primary_metric, status, secondary_metrics, segment_filter)
     values ('old "one"', 'reply_rate', 'running', '["revenue", null, {"x": 1}]', '["web"]')`,
  );
  expect((await scene.arrive({})).arm).not.toBeNull();
  expect(await run()).toMatchObject({ evaluated: 2, ended: 1 });
  expect((await scene.experiment(id)).decision).toBe('KEEP');
});

test('a skill counts the leads it did something for, each once', async () => {
  const { id } = (await scene.post('/v1/skills', { name: 'instant-responder' })).body;
  const lead = await scene.arrive({});
  const event = { event_type: 'contacted', event_source: 'skill:instant-responder', skill_id: id };
  const first = await scene.post(`/v1/leads/${lead.id}/events`, event);
  await scene.post(`/v1/leads/${lead.id}/events`, { ...event, event_type: 'responded' });
  const counted = async () => (await scene.get(`/v1/skills/${id}`)).body.total_leads_processed;
  expect(await counted()).toBe(1);
  await run();
  expect(await scene.sql('select total_leads_processed from lead_skills')).toEqual([
    { total_leads_processed: 1 },
  ]);
  const other = await scene.arrive({});
  await scene.post(`/v1/leads/${other.id}/events`, event);
  expect(await counted()).toBe(2);
  const path = `/v1/events/${first.body.id}/void`;
  await scene.post(path, { by: 'Bea', reason: 'another lead' });
  expect(await counted()).toBe(2);
});
