import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { shownSource } from '../../../core/alerts/words.ts';
import { handler as check } from '../../../functions/check-sla.ts';
import { handler as digest } from '../../../functions/send-digest.ts';
import { type Scene, startScene } from '../jobs/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterEach(async () => {
  await scene.received();
  await scene.clear();
  await scene.sql(`delete from sla_policies where name like 'of a test%'`);
});
afterAll(() => scene.close());

const run = (hours = 0) => check({ scheduled_at: scene.hoursLater(hours) }, {} as never);
const steps = async () =>
  (await scene.received()).map(({ message }) => {
    const { transition, reason, source } = message as unknown as Record<string, unknown>;
    return [transition, reason, source];
  });

test('a name that was mistyped once holds no place for good', async () => {
  await scene.onlyRule({
    name: 'dead-source',
    metric: 'leads_received',
    split_by: 'source',
    threshold: 1,
    window_hours: 24,
  });
  await scene.leads({ hoursAgo: 25, source: 'zilow', events: [['contacted', 0.1]] });
  await run();
  expect(await steps()).toEqual([['opened', null, 'zilow']]);
  await run(26 * 24);
  expect(await steps()).toEqual([]);
  await run(27 * 24);
  expect(await steps()).toEqual([['resolved', 'source_gone', 'zilow']]);
});

test('figures that nobody can renew are not told again', async () => {
  await scene.onlyRule({
    name: 'slow',
    metric: 'avg_response_hours',
    threshold: 2,
    window_hours: 24,
    minimum_leads: 2,
    reminder_hours: 4,
  });
  const late = { hoursAgo: 6, events: [['contacted', 30]] } as const;
  await scene.leads(late, late);
  await run();
  await run(4);
  expect(await steps()).toEqual([
    ['opened', null, null],
    ['reminded', null, null],
  ]);
  // Both are out of the window: of the last day there is nothing to tell.
  for (const hours of [24, 48, 480]) await run(hours);
  expect(await steps()).toEqual([]);
});

test('of a source that was sent as anything a message shows one plain line', () => {
  const source = 'zillow\n\ncall <!channel> \u0001\ud83d';
  expect(shownSource(source)).toBe('zillow??call ?!channel? ??');
  expect(shownSource('😀'.repeat(100))).toBe('😀'.repeat(40));
  expect([shownSource(''), shownSource('', '(no source)')]).toEqual(['(none)', '(no source)']);
});

test('a source that is silent for months is silent since its last lead', async () => {
  await scene.onlyRule({
    name: 'silent',
    metric: 'source_silence_hours',
    split_by: 'source',
    threshold: 100,
    reminder_hours: 720,
  });
  const lead = { hoursAgo: 200, events: [['contacted', 0.1]] } as const;
  await scene.leads(lead, lead, lead, lead, lead);
  await run();
  await run(720);
  const since = (await scene.received()).map(({ message }) => message.since);
  expect(since).toEqual([
    expect.stringContaining('2026-03-02T04:00:00'),
    expect.stringContaining('2026-03-02T04:00:00'),
  ]);
});

test('a robot that was first leaves the clock of a person as it is', async () => {
  const policies = [
    { name: 'of a test, A', priority: 1, quality_score: 'A', target_minutes: 5, human_only: true },
    { name: 'of a test', priority: 2, target_minutes: 120, human_only: true },
  ];
  for (const policy of policies) await scene.post('/v1/sla-policies', policy);
  const id = await scene.take();
  const event = (body: object) => scene.post(`/v1/leads/${id}/events`, body);
  await event({ event_type: 'contacted', event_source: 'automation' });
  const details = { quality_score: 'A' };
  const scored = await event({ event_type: 'scored', event_source: 'automation', details });
  const { body } = await scene.get(`/v1/leads/${id}`);
  const due = Date.parse(body.sla_due_at) - Date.parse(scored.body.created_at);
  expect([due / 60_000, body.sla_state]).toEqual([5, 'pending']);
});

test('no deadline begins before the lead does', async () => {
  const id = await scene.take();
  await scene.post(`/v1/leads/${id}/events`, {
    event_type: 'scored',
    event_source: 'automation',
    details: { quality_score: 'A' },
    created_at: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  });
  const { body } = await scene.get(`/v1/leads/${id}`);
  expect(Date.parse(body.sla_due_at) - Date.parse(body.created_at)).toBe(5 * 60_000);
  expect(body.sla_state).toBe('pending');
});

test('days off count without working hours, too', async () => {
  const [row] = await scene.sql(
    `select working_deadline(
       '2026-03-10T20:00:00Z', 300, null, '["2026-03-11", "2026-03-12"]', 'UTC'
     ) as due`,
  );
  expect((row as { due: Date }).due.toISOString()).toBe('2026-03-13T01:00:00.000Z');
});

test('nobody is sent to call who was erased, and no alert waits for it', async () => {
  await scene.leads({ hoursAgo: 30, dueAfterHours: 1 });
  await run();
  expect((await scene.incidents()).map(({ rule }: { rule: string }) => rule)).toEqual([
    'oldest-waiting',
  ]);
  const [{ id }] = (await scene.sql('select id from leads')) as [{ id: string }];
  await scene.received();
  await scene.post(`/v1/leads/${id}/erase`, {});
  await run(1);
  expect(await steps()).toEqual([['resolved', 'recovered', null]]);
  await digest({ scheduled_at: scene.hoursLater(24) }, {} as never);
  const [sent] = await scene.received();
  expect(sent?.message).toMatchObject({ waiting: { leads: 0 }, rescue: [] });
});
