import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { query } from '../../../core/database/client.ts';
import { handler } from '../../../functions/check-sla.ts';
import checkSlaSql from '../../../sql/alerts/check-sla.sql' with { type: 'text' };
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterEach(() => scene.clear());
afterAll(() => scene.close());

const check = (scheduled_at: string = scene.now) => handler({ scheduled_at }, {} as never);
const ids = async () => (await scene.received()).map(({ message }) => message.id);
/** The message of the one incident's opening. */
const opening = async () => {
  const [row] = await scene.sql<{ id: string }>('select id from incidents');
  return `${row?.id}:1`;
};
const ignored = { hoursAgo: 25 };

/** As after 50 seconds, without waiting for them. */
const leaseRunsOut = () =>
  scene.sql(`update alert_messages set leased_until = now() - interval '1 s'`);
const unpublished = () =>
  scene.sql('select id from alert_messages where published_at is null').then((rows) => rows.length);

test('killed after the claim: leased to a dead run, then published by the next', async () => {
  await scene.leads(ignored);
  const rows = await query(checkSlaSql, { scheduled_at: scene.now, most: 20 });
  const id = await opening();
  expect(rows).toMatchObject([{ message: { id } }]);
  expect(await check()).toMatchObject({ published: 0 });
  expect(await ids()).toEqual([]);
  await leaseRunsOut();
  expect(await check()).toMatchObject({ published: 1 });
  expect(await ids()).toEqual([id]);
  expect(await unpublished()).toBe(0);
});

test('left by a run that nobody repeats: the next hour sends it along, as it was', async () => {
  await scene.leads({ ...ignored, events: [['contacted', 25.5]] });
  await query(checkSlaSql, { scheduled_at: scene.now, most: 20 });
  await leaseRunsOut();
  expect(await check(scene.hoursLater(1))).toEqual({ rules: 2, broken: 0, published: 2 });
  const told = (await scene.received()).map(({ message }) => [message.id, message.value]);
  const id = await opening();
  expect(told).toEqual([
    [id, 1500],
    [id.replace(/1$/, '2'), 0],
  ]);
});

test('two runs of different times at once take turns and share no message', async () => {
  await scene.leads(ignored);
  const claiming = await scene.pool.connect();
  await claiming.query('begin');
  const { rows } = await claiming.query('select message from check_sla($1, 20)', [scene.now]);
  expect(rows).toMatchObject([{ message: { rule: 'oldest-waiting' } }]);
  const other = check(scene.hoursLater(2));
  // Killed before its claim was even committed.
  await claiming.query('rollback');
  claiming.release();
  expect(await other).toMatchObject({ published: 1 });
  expect(await scene.received()).toMatchObject([{ message: { value: 1620 } }]);
});

test('a time after a later one changes nothing, and publishes what is left', async () => {
  await scene.leads({ ...ignored, events: [['contacted', 26.5]] });
  await query(checkSlaSql, { scheduled_at: scene.now, most: 0 });
  await query(checkSlaSql, { scheduled_at: scene.hoursLater(2), most: 0 });
  expect(await check(scene.hoursLater(1))).toEqual({ rules: 2, broken: 0, published: 2 });
  const told = (await scene.received()).map(({ message }) => message.transition);
  expect(told).toEqual(['opened', 'resolved']);
});

test('killed between publish and mark: the same message again, then no more', async () => {
  await scene.leads(ignored);
  await scene.sql(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'ada@example.com cannot be marked'; end $$`);
  await scene.sql(`create trigger refuse before update of published_at on alert_messages
    for each row when (new.published_at is not null) execute function refuse()`);
  const error: Error = await check().catch((thrown) => thrown);
  expect(error.message).toBe('check-sla: the database did not do it (broken, P0001)');
  // Lambda logs what is thrown, with all that hangs on it.
  expect(JSON.stringify(Object.entries(error)) + error.stack + error.cause).not.toContain('ada@');
  await scene.sql('drop function refuse cascade');
  const [first] = await scene.received();
  expect(first?.message.id).toBe(await opening());

  await leaseRunsOut();
  expect(await check()).toMatchObject({ published: 1 });
  expect(await scene.received()).toEqual([first]);
  await leaseRunsOut();
  expect(await check()).toMatchObject({ published: 0 });
  expect(await ids()).toEqual([]);
});

test('SNS does not take it: the run fails, and the next one has it without waiting', async () => {
  await scene.leads(ignored);
  const restore = await scene.withoutTopic();
  await expect(check()).rejects.toThrow(/Topic does not exist/);
  expect(await unpublished()).toBe(1);
  const [run] = await scene.sql('select finished_at, outcome from job_runs');
  expect(run).toMatchObject({ finished_at: null, outcome: { broken: 1, subscribers: null } });

  await restore();
  expect(await check()).toMatchObject({ published: 1 });
  expect(await ids()).toEqual([await opening()]);
});
