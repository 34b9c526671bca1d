import { Cron } from 'croner';
import { describe, expect, test } from 'vitest';
import { type Schedule, schedules } from '../../core/catalogue/schedules.ts';
import {
  checkMinutesOf,
  cronerOptions,
  latestRun,
  startSchedules,
  toCroner,
} from '../../local/schedules.ts';

const zones = [
  'UTC',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Beirut',
];
const runsOf = (cron: string, timezone: string, from: string, count: number) =>
  new Cron(toCroner(cron), cronerOptions(timezone))
    .nextRuns(count, new Date(from))
    .map((run) => run.toISOString().replace(':00.000Z', 'Z'));

describe("EventBridge's cron", () => {
  // Sunday, 22 November 2026. The expectations are EventBridge's documented readings.
  test.each([
    ['0 * * * ? *', '2026-11-22T12:00Z', '2026-11-22T13:00Z'],
    ['15 4 * * ? *', '2026-11-23T04:15Z', '2026-11-24T04:15Z'],
    ['0/15 * * * ? *', '2026-11-22T11:45Z', '2026-11-22T12:00Z'],
    ['5/20 * ? * * *', '2026-11-22T11:45Z', '2026-11-22T12:05Z'],
    ['0 18 ? * MON-FRI *', '2026-11-23T18:00Z', '2026-11-24T18:00Z'],
    ['0 18 ? * 1 *', '2026-11-22T18:00Z', '2026-11-29T18:00Z'],
    ['0 10 ? * 2,7 *', '2026-11-23T10:00Z', '2026-11-28T10:00Z'],
    ['0 8 1 * ? *', '2026-12-01T08:00Z', '2027-01-01T08:00Z'],
    ['0 8 L * ? *', '2026-11-30T08:00Z', '2026-12-31T08:00Z'],
    ['0 9 ? * 3#1 *', '2026-12-01T09:00Z', '2027-01-05T09:00Z'],
    ['0 9 ? * 6L *', '2026-11-27T09:00Z', '2026-12-25T09:00Z'],
    ['30 9 29 FEB ? *', '2028-02-29T09:30Z', '2032-02-29T09:30Z'],
    ['0 0 1 1 ? 2030-2031', '2030-01-01T00:00Z', '2031-01-01T00:00Z'],
  ])('%s', (cron, first, second) => {
    expect(runsOf(cron, 'UTC', '2026-11-22T11:30:00Z', 2)).toEqual([first, second]);
  });

  test.each(['* * * * *', '0 0 * * * ? *', 'rate(1 hour)', ''])('%j is refused', (cron) => {
    expect(() => toCroner(cron)).toThrow(/six fields/);
  });
});

describe("the catalogue's schedules", () => {
  const daily = (schedules as readonly Schedule[]).filter(({ cron }) => /^\d+ \d+ /.test(cron));

  // EventBridge skips a time that the clocks skip: so there is none.
  test.each(zones)('daily ones run once on each of 1,000 days in %s', (timezone) => {
    expect(daily.map(({ name }) => name)).toContain('refresh-metrics');
    for (const { cron } of daily) {
      const runs = new Cron(toCroner(cron), cronerOptions(timezone)).nextRuns(
        1000,
        new Date('2016-01-01T00:00:00Z'),
      );
      const local = new Intl.DateTimeFormat('sv', {
        timeZone: timezone,
        dateStyle: 'short',
        timeStyle: 'short',
      });
      const [, minute, hour] = /^(\d+) (\d+)/.exec(cron) ?? [];
      const clock = `${hour?.padStart(2, '0')}:${minute?.padStart(2, '0')}`;
      const days = runs.map((run) => local.format(run).split(' '));
      expect(new Set(days.map(([day]) => day)).size).toBe(1000);
      expect(new Set(days.map(([, time]) => time))).toEqual(new Set([clock]));
    }
  });
});

test.each([
  ['2026-11-22T11:59:59.999Z', '2026-11-22T11:00:00.000Z'],
  ['2026-11-22T12:00:00.000Z', '2026-11-22T12:00:00.000Z'],
  ['2026-11-22T12:59:59.999Z', '2026-11-22T12:00:00.000Z'],
])('at %s the latest hour is %s', (now, hour) => {
  const cron = new Cron(toCroner('0 * * * ? *'), cronerOptions('UTC'));
  expect(latestRun(cron, new Date(now))?.toISOString()).toBe(hour);
});

test('a start makes good the last time of each schedule; a stop waits for what runs', async () => {
  const fired: string[] = [];
  let finish = (): void => undefined;
  const handlers = {
    'check-sla': async ({ scheduled_at }: { scheduled_at: string }) => {
      fired.push(scheduled_at);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      fired.push('done');
    },
    // Tried again in a minute: a stop does not wait for that.
    'refresh-metrics': async ({ scheduled_at }: { scheduled_at: string }) => {
      fired.push(scheduled_at);
      throw new Error('as planned');
    },
  };
  const running = startSchedules({ timezone: 'UTC', handlers });
  const stopped = running.stop();
  finish();
  await stopped;
  expect(fired).toEqual([
    expect.stringMatching(/T\d\d:00:00Z$/),
    expect.stringMatching(/T04:15:00Z$/),
    'done',
  ]);
});

test.each([
  [3, []],
  [12, [expect.stringMatching(/T\d\d:30:00Z$/), expect.stringMatching(/T\d\d:02:00Z$/)]],
])('at %i o’clock a start makes good the digest of this day alone', async (hour, expected) => {
  // A zone where it is that hour now; a sign of theirs is the other way round.
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  const timezone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  const fired: string[] = [];
  const handlers = {
    'send-digest': async ({ scheduled_at }: { scheduled_at: string }) => {
      fired.push(scheduled_at);
    },
  };
  await startSchedules({ timezone, handlers }).stop();
  expect(fired).toEqual(expected);
});

test('rules are checked as often as CHECK_MINUTES says, which cannot be anything', async () => {
  const fired: string[] = [];
  const check = async ({ scheduled_at }: { scheduled_at: string }) => fired.push(scheduled_at);
  const latest = () => {
    const at = Math.floor(Date.now() / 300_000) * 300_000;
    return `${new Date(at).toISOString().slice(0, 19)}Z`;
  };
  const known = [latest()];
  const handlers = { 'check-sla': check };
  const checkMinutes = checkMinutesOf('5');
  // Their hours begin a quarter of one apart: hourly checks would be at two times.
  for (const timezone of ['UTC', 'Asia/Kathmandu']) {
    await startSchedules({ timezone, handlers, checkMinutes }).stop();
  }
  known.push(latest());
  expect(fired).toHaveLength(2);
  for (const at of fired) expect(known).toContain(at);
  for (const wrong of ['7', 'often', '0', '120']) {
    expect(() => checkMinutesOf(wrong)).toThrow(/^CHECK_MINUTES must be 5, 10, 15/);
  }
});
