import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { alertMessage } from '../../../core/alerts/message.ts';
import { handler } from '../../../functions/check-sla.ts';
import { type Scene, startScene } from '../jobs/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterEach(() => scene.clear());
afterAll(() => scene.close());

const check = (hours = 0) => handler({ scheduled_at: scene.hoursLater(hours) }, {} as never);
const waits = {
  name: 'waits',
  metric: 'oldest_waiting_minutes',
  threshold: 60,
  split_by: 'source',
};

/** What a subscriber sees who leaves out what came under the same id. */
async function seen() {
  const received = (await scene.received()).map(({ message }) => alertMessage.parse(message));
  const fresh = [...new Map(received.map((message) => [message.id, message])).values()];
  return {
    twice: received.length - fresh.length,
    steps: fresh.map(({ source, transition, number }) => [source, number, transition]),
  };
}

/** What the database says has happened, of what is told. */
const happened = () =>
  scene.sql<{ step: unknown[] }>(
    `select json_build_array(i.split_value, t.number, t.kind) as step
     from incident_transitions t join incidents i on i.id = t.incident_id
     where t.kind <> 'acknowledged'`,
  );

test('SNS is down for three runs: then each step comes once, of an incident in order', async () => {
  await scene.onlyRule({ ...waits, reminder_hours: 1 });
  await scene.leads({ hoursAgo: 2, source: 'first', events: [['contacted', 3.5]] });
  await scene.leads({ hoursAgo: -0.5, source: 'second', events: [['contacted', 1.8]] });
  const restore = await scene.withoutTopic();
  for (const hour of [0, 1, 2]) await expect(check(hour)).rejects.toThrow(/Topic does not exist/);
  await restore();
  expect(await check(3)).toMatchObject({ published: 5 });
  const { twice, steps } = await seen();
  const of = (source: string) => steps.filter((step) => step[0] === source);
  expect(twice).toBe(0);
  expect(of('first')).toEqual([
    ['first', 1, 'opened'],
    ['first', 2, 'reminded'],
    ['first', 3, 'resolved'],
  ]);
  expect(of('second')).toEqual([
    ['second', 1, 'opened'],
    ['second', 2, 'resolved'],
  ]);
  expect(steps).toEqual(expect.arrayContaining((await happened()).map(({ step }) => step)));
  expect(await check(4)).toMatchObject({ published: 0 });
});

test('forty incidents of a run fired five times at once are told once, in two calls', async () => {
  await scene.onlyRule(waits);
  for (let n = 0; n < 40; n++) {
    await scene.leads({ hoursAgo: 2, source: `source-${n}`, events: [['contacted', 2.5]] });
  }
  const runs = await Promise.all([check(), check(), check(), check(), check()]);
  expect(runs.map(({ published }) => published).sort()).toEqual([0, 0, 0, 0, 40]);
  expect(await seen()).toMatchObject({ twice: 0, steps: { length: 40 } });
  // All forty end: at most 12 calls and one for each are allowed.
  scene.machine.dataApi.resetCalls();
  expect(await check(1)).toMatchObject({ published: 40 });
  expect(scene.machine.dataApi.calls()).toBe(2);
  expect(await seen()).toMatchObject({ twice: 0, steps: { length: 40 } });
});

test('a run killed after it published tells again under the same ids, and no other', async () => {
  await scene.onlyRule(waits);
  await scene.leads({ hoursAgo: 2, source: 'a', events: [['contacted', 2.5]] });
  await scene.leads({ hoursAgo: 2, source: 'b' });
  await scene.sql(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'killed'; end $$`);
  await scene.sql(`create trigger refuse before update of published_at on alert_messages
    for each row when (new.published_at is not null) execute function refuse()`);
  await expect(check()).rejects.toThrow();
  await scene.sql('drop function refuse cascade');
  await scene.sql(`update alert_messages set leased_until = now() - interval '1 s'`);
  expect(await check(1)).toMatchObject({ published: 3 });
  const { twice, steps } = await seen();
  expect(twice).toBe(2);
  expect(steps.sort()).toEqual([
    ['a', 1, 'opened'],
    ['a', 2, 'resolved'],
    ['b', 1, 'opened'],
  ]);
});
