import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { alertMessage } from '../../../core/alerts/message.ts';
import { handler } from '../../../functions/check-sla.ts';
import { type Scene, type SceneLead, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ WORKSPACE_TIMEZONE: 'America/New_York' });
});
afterEach(() => scene.clear());
afterAll(() => scene.close());

const check = (scheduled_at: string = scene.now) => handler({ scheduled_at }, {} as never);
const times = (count: number, lead: SceneLead) => Array.from({ length: count }, () => lead);
const told = async () =>
  (await scene.received()).map(({ message }) => [message.rule, message.transition]);
const called = (afterHours: number) => [['contacted', afterHours]] as const;
const average = [['average-response', 'opened']];

describe('an alert', () => {
  test('comes when nobody called anybody', async () => {
    await scene.leads(...times(5, { hoursAgo: 5 }));
    expect(await check()).toEqual({ rules: 2, broken: 1, published: 1 });
    const [{ id }] = await scene.incidents();
    const received = await scene.received();
    expect(received).toEqual([
      {
        subject: 'leadpulse warning: Average response time 5 h (limit 2 h)',
        attributes: { metric: 'avg_response_hours', severity: 'warning', transition: 'opened' },
        message: {
          version: 2,
          id: `${id}:1`,
          incident: id,
          number: 1,
          transition: 'opened',
          reason: null,
          rule: 'average-response',
          metric: 'avg_response_hours',
          severity: 'warning',
          source: null,
          agent_id: null,
          scheduled_at: '2026-03-10T12:00:00.000000Z',
          opened_at: '2026-03-10T12:00:00.000000Z',
          value: 5,
          threshold: 2,
          recover_threshold: 2,
          window_hours: 24,
          since: '2026-03-09T12:00:00.000000Z',
          sample: 5,
          leads: 5,
          waiting_leads: 5,
          timezone: 'America/New_York',
        },
      },
    ]);
    alertMessage.parse(received[0]?.message);
  });

  test('comes once for a lead ignored for 25 hours, and once when someone calls', async () => {
    await scene.leads({ hoursAgo: 25, events: called(26.5) });
    await check();
    expect(await scene.received()).toMatchObject([
      {
        subject: 'leadpulse critical: Oldest lead without an answer 25 h (limit 24 h)',
        attributes: { metric: 'oldest_waiting_minutes', severity: 'critical' },
        message: { value: 1500, leads: 1, since: '2026-03-09T11:00:00.000000Z' },
      },
    ]);
    await check(scene.hoursLater(1));
    expect(await told()).toEqual([]);
    await check(scene.hoursLater(2));
    expect(await scene.received()).toMatchObject([
      {
        subject: 'leadpulse resolved: Oldest lead without an answer 0 min (limit 24 h)',
        message: { transition: 'resolved', reason: 'recovered', value: 0, number: 2 },
      },
    ]);
  });

  test('one for each broken rule', async () => {
    await scene.leads(...times(5, { hoursAgo: 20 }), { hoursAgo: 30 });
    await check();
    expect((await told()).sort()).toEqual([
      ['average-response', 'opened'],
      ['oldest-waiting', 'opened'],
    ]);
  });

  test('says no more than 2 hours when it is barely above, and nothing at 2 hours', async () => {
    await scene.leads(...times(5, { hoursAgo: 10, events: called(2) }));
    await check();
    expect(await told()).toEqual([]);
    await scene.leads({ hoursAgo: 10, events: called(2.001) });
    await check(scene.hoursLater(1));
    const [alert] = await scene.received();
    expect(alert?.message.value).toBe(2.01);
    expect(alert?.subject).toContain('2 h 1 min (limit 2 h)');
  });
});

describe('no alert', () => {
  test.each<[string, SceneLead[]]>([
    ['when every lead is answered fast', times(9, { hoursAgo: 20, events: called(0.1) })],
    ['from fewer than 5 leads', times(4, { hoursAgo: 20 })],
    ['from history that is imported', times(9, { hoursAgo: 300, recordedAfterHours: 290 })],
    [
      'from history of today that came a day late',
      times(9, { hoursAgo: 23, recordedAfterHours: 25 }),
    ],
    ['from test leads', times(9, { hoursAgo: 30, isTest: true })],
    [
      'from duplicates of a lead that was called',
      [
        { hoursAgo: 40, events: called(0.1) },
        ...times(9, { hoursAgo: 30, isDuplicate: true }),
        ...times(9, { hoursAgo: 20, isDuplicate: true }),
      ],
    ],
    [
      'from leads that died before anybody called',
      times(9, { hoursAgo: 30, events: [['dead', 1]] }),
    ],
    [
      'from leads that qualified without a call',
      times(9, { hoursAgo: 30, events: [['qualified', 9]] }),
    ],
  ])('%s', async (_, leads) => {
    await scene.leads(...leads);
    expect(await check()).toEqual({ rules: 2, broken: 0, published: 0 });
    expect(await scene.received()).toEqual([]);
  });

  test('from the dead, nor do they make a fifth lead or a better mean', async () => {
    const dead: SceneLead = { hoursAgo: 20, events: [['dead', 0.1]] };
    await scene.leads(...times(4, { hoursAgo: 20 }), ...times(5, dead));
    await check();
    expect(await told()).toEqual([]);
    await scene.leads({ hoursAgo: 2 });
    await check(scene.hoursLater(1));
    // (4 × 21 + 3) / 5
    expect((await scene.received()).map(({ message }) => message.value)).toEqual([17.4]);
  });
});

test('the scheduled time decides, not the clock: what came later does not count', async () => {
  await scene.leads(
    ...times(5, {
      hoursAgo: 3,
      events: [
        ['contacted', 9],
        ['closed', 10],
      ],
    }),
  );
  await scene.leads(...times(50, { hoursAgo: -1 }));
  await check();
  expect(await scene.received()).toMatchObject([
    { message: { rule: 'average-response', value: 3, leads: 5, waiting_leads: 5 } },
  ]);
  // Dead at that time, alive again later.
  await scene.clear();
  const revived: SceneLead = {
    hoursAgo: 30,
    events: [
      ['dead', 1],
      ['contacted', 40],
    ],
  };
  await scene.leads(revived);
  await check();
  expect(await told()).toEqual([]);
});

describe('a scheduled time', () => {
  test('fired five times at once is one message', async () => {
    await scene.leads(...times(5, { hoursAgo: 5 }));
    const runs = await Promise.all([check(), check(), check(), check(), check()]);
    expect(runs.map(({ published }) => published).sort()).toEqual([0, 0, 0, 0, 1]);
    expect(await told()).toEqual(average);
    expect(await scene.sql('select job, attempts, outcome from job_runs')).toEqual([
      {
        job: 'check-sla',
        attempts: 5,
        outcome: {
          rules: 2,
          broken: 1,
          subscribers: { confirmed: 1, pending: 0 },
          chat_subscribers: { confirmed: 0, pending: 0 },
        },
      },
    ]);
  });

  test('is one whatever form it has', async () => {
    await scene.leads(...times(5, { hoursAgo: 5 }));
    await check('2026-03-10T12:00:00Z');
    await check('2026-03-10T12:00:00.734Z');
    await check('2026-03-10T13:00:00+01:00');
    expect(await told()).toEqual(average);
  });

  test.each(['', 'soon', '2026-03-10', '2026-03-10T12:00:00', '2026-02-30T12:00:00Z', null, 5])(
    '%j is refused',
    async (scheduled_at) => {
      await expect(handler({ scheduled_at }, {} as never)).rejects.toThrow();
    },
  );
});

test('a run makes two calls of the Data API, whatever it finds', async () => {
  const { dataApi } = scene.machine;
  for (const leads of [[], times(9, { hoursAgo: 30 })]) {
    await scene.leads(...leads);
    dataApi.resetCalls();
    await check();
    expect(dataApi.calls()).toBe(2);
  }
  await scene.received();
});

test('a database that is waking up is waited for', async () => {
  await scene.leads(...times(5, { hoursAgo: 5 }));
  scene.machine.dataApi.resume({ calls: 1 });
  expect(await check()).toMatchObject({ published: 1 });
  expect(await told()).toEqual(average);
});

test('health tells the last check, and how many get its alerts', async () => {
  await check();
  const health = await scene.get('/v1/health');
  expect(health.body).toMatchObject({
    status: 'ok',
    alert_subscribers: { confirmed: 1, pending: 0 },
    last_sla_check_at: expect.stringMatching(/Z$/),
  });
  await scene.sql(`update job_runs set finished_at = finished_at - interval '3 hours'`);
  expect((await scene.get('/v1/health')).body.status).toBe('degraded');
});
