import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { DigestMessage } from '../../../core/alerts/digest.ts';
import { query } from '../../../core/database/client.ts';
import { handler as check } from '../../../functions/check-sla.ts';
import { handler } from '../../../functions/send-digest.ts';
import checkSlaSql from '../../../sql/alerts/check-sla.sql' with { type: 'text' };
import { type Scene, startScene } from '../jobs/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ WORKSPACE_TIMEZONE: 'America/New_York' });
});
afterEach(async () => {
  await scene.clear();
  await scene.received();
  await scene.sql(`update workspace set timezone = 'America/New_York'`);
});
afterAll(() => scene.close());

const send = (scheduled_at: string) => handler({ scheduled_at }, {} as never);
const answered = { hoursAgo: 300, events: [['contacted', 0.1]] } as const;
const ids = async () => (await scene.received()).map(({ message }) => message.id);
const sent = { written: 1, published: 1 };
const nothing = { written: 0, published: 0 };

test('five at once are one digest, in two calls each', async () => {
  await scene.leads(answered);
  scene.machine.dataApi.resetCalls();
  // As when a machine starts late in the morning: for two times at once.
  const times = ['11:30', '11:30', '11:30', '12:02', '12:02'];
  const runs = await Promise.all(times.map((time) => send(`2026-03-10T${time}:00Z`)));
  expect(scene.machine.dataApi.calls()).toBe(10);
  expect(runs.map(({ written }) => written).sort()).toEqual([0, 0, 0, 0, 1]);
  expect(runs.map(({ published }) => published).sort()).toEqual([0, 0, 0, 0, 1]);
  expect(await ids()).toEqual(['digest:2026-03-10']);
  expect(await send('2026-03-10T13:02:00Z')).toEqual(nothing);
  expect(await send('2026-03-11T11:30:00Z')).toEqual(sent);
  expect(await ids()).toEqual(['digest:2026-03-11']);
});

test('it is due from half past seven by the clock of the zone, whatever the season', async () => {
  await scene.leads({ ...answered, hoursAgo: 3000 });
  expect(await send('2026-03-07T12:29:00Z')).toEqual(nothing);
  expect(await send('2026-03-07T12:30:00Z')).toEqual(sent);
  expect(await send('2026-03-08T11:29:00Z')).toEqual(nothing);
  expect(await send('2026-03-08T11:30:00Z')).toEqual(sent);
  // Half past seven in Katmandu, whose clock is 5 h 45 min ahead.
  await scene.sql(`update workspace set timezone = 'Asia/Kathmandu'`);
  expect(await send('2026-03-09T01:44:00Z')).toEqual(nothing);
  expect(await send('2026-03-09T01:45:00Z')).toEqual(sent);
  // Back in New York it is still that day, which had its own.
  await scene.sql(`update workspace set timezone = 'America/New_York'`);
  expect(await send('2026-03-09T11:30:00Z')).toEqual(nothing);
  expect(await send('2026-03-10T11:30:00Z')).toEqual(sent);
});

test('what was missed is made up for later that day, and no day before the last one', async () => {
  await scene.leads({ ...answered, hoursAgo: 3000 });
  expect(await send('2026-03-09T20:02:00Z')).toEqual(sent);
  expect(await send('2026-03-08T11:30:00Z')).toEqual(nothing);
  expect(await send('2026-03-09T11:30:00Z')).toEqual(nothing);
  expect(await ids()).toEqual(['digest:2026-03-09']);
});

test('where no lead came in before the day there is none', async () => {
  await scene.leads({ hoursAgo: 1 });
  expect(await send('2026-03-10T11:30:00Z')).toEqual(nothing);
  expect(await send('2026-03-11T11:30:00Z')).toEqual(sent);
});

test('SNS is down for three runs: whichever comes next publishes it, once', async () => {
  await scene.leads(answered);
  const restore = await scene.withoutTopic();
  const late = ['2026-03-10T11:30:00Z', '2026-03-10T12:02:00Z', '2026-03-10T13:02:00Z'];
  for (const time of late) await expect(send(time)).rejects.toThrow(/Topic does not exist/);
  await restore();
  expect(await check({ scheduled_at: '2026-03-10T14:00:00Z' }, {} as never)).toMatchObject({
    published: 1,
  });
  expect(await send('2026-03-10T14:02:00Z')).toEqual(nothing);
  expect(await scene.machine.messages.receive<DigestMessage>()).toMatchObject([
    { message: { id: 'digest:2026-03-10', scheduled_at: '2026-03-10T11:30:00.000000Z' } },
  ]);
});

test('what could not go out for a whole day gives way to the next', async () => {
  await scene.leads(answered);
  const restore = await scene.withoutTopic();
  await expect(send('2026-03-10T11:30:00Z')).rejects.toThrow(/Topic does not exist/);
  await restore();
  expect(await send('2026-03-11T11:30:00Z')).toEqual(sent);
  expect(await ids()).toEqual(['digest:2026-03-11']);
});

test('killed after it published: the same message again, byte for byte', async () => {
  await scene.leads(answered);
  await scene.sql(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'killed'; end $$`);
  await scene.sql(`create trigger refuse before update of published_at on alert_messages
    for each row when (new.published_at is not null) execute function refuse()`);
  await expect(send('2026-03-10T11:30:00Z')).rejects.toThrow();
  await scene.sql('drop function refuse cascade');
  const [first] = await scene.received();
  await scene.sql(`update alert_messages set leased_until = now() - interval '1 s'`);
  await scene.leads({ hoursAgo: 20 });
  expect(await send('2026-03-10T12:02:00Z')).toEqual({ written: 0, published: 1 });
  expect(await scene.received()).toEqual([first]);
});

test('what a check is about to publish it leaves to that one', async () => {
  await scene.leads({ hoursAgo: 25 });
  await query(checkSlaSql, { scheduled_at: scene.now, most: 0 });
  const checking = await scene.pool.connect();
  await checking.query('begin');
  const { rows } = await checking.query('select message from check_sla($1, 20)', [scene.now]);
  expect(rows).toMatchObject([{ message: { rule: 'oldest-waiting' } }]);
  const sending = send('2026-03-10T12:02:00Z');
  const held = `select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await scene.sql(held)).length === 0) await pause(20);
  await checking.query('commit');
  checking.release();
  expect(await sending).toEqual(sent);
  expect(await ids()).toEqual(['digest:2026-03-10']);
});
