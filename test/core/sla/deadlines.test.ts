import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  formatInstant,
  localDate,
  MINUTE,
  parseInstant,
  wallClock,
} from '../../oracle/local-time.ts';
import type { Micros } from '../../oracle/types.ts';
import { createDatabase } from '../../setup/database.ts';

let db: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  db = await createDatabase();
});
afterAll(() => db.close());

type Hours = Record<string, [string, string][]>;

interface Asked {
  begins: Micros;
  minutes: number;
  hours: Hours | null;
  daysOff?: string[];
  timezone: string;
}

async function deadline({ begins, minutes, hours, daysOff = [], timezone }: Asked) {
  const [row] = await db.sql<{ at: string }>(
    'select api_time(working_deadline($1, $2, $3::jsonb, $4::jsonb, $5)) as at',
    [formatInstant(begins), minutes, JSON.stringify(hours), JSON.stringify(daysOff), timezone].map(
      (value) => (value === 'null' ? null : value),
    ),
  );
  return row?.at === null || row === undefined ? null : parseInstant(row.at);
}

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** Minute by minute: one counts when the wall clock shows a working time at its beginning. */
function countedByHand({ begins, minutes, hours, daysOff = [], timezone }: Asked): Micros {
  let [at, counted] = [begins, 0];
  for (; counted < minutes; at += MINUTE) {
    const day = localDate(at, timezone);
    const wall = Number((wallClock(at, timezone) / MINUTE) % 1440n);
    const spans = hours?.[names[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ''] ?? [];
    const works = spans.some(([from, to]) => minuteOf(from) <= wall && wall < minuteOf(to));
    if ((hours === null || works) && !daysOff.includes(day)) counted += 1;
  }
  return at;
}

const office: Hours = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '17:30']]]),
);
const at = parseInstant;

test.each<[string, Asked, string]>([
  [
    'around the clock',
    { begins: at('2026-03-08T06:59:00Z'), minutes: 5, hours: null, timezone: 'America/New_York' },
    '2026-03-08T07:04:00.000000Z',
  ],
  [
    'Friday evening: what is left of the day, then Monday',
    {
      begins: at('2026-11-20T22:25:00Z'),
      minutes: 30,
      hours: office,
      timezone: 'America/New_York',
    },
    '2026-11-23T14:25:00.000000Z',
  ],
  [
    'to the end of an interval, which is still in time',
    { begins: at('2026-11-20T22:25:00Z'), minutes: 5, hours: office, timezone: 'America/New_York' },
    '2026-11-20T22:30:00.000000Z',
  ],
  [
    'over a day off and a week-end',
    {
      begins: at('2026-12-24T22:00:00Z'),
      minutes: 60,
      hours: office,
      daysOff: ['2026-12-25'],
      timezone: 'America/New_York',
    },
    '2026-12-28T14:30:00.000000Z',
  ],
  [
    'a day whose clock springs forward is an hour shorter',
    {
      begins: at('2026-03-08T05:00:00Z'),
      minutes: 4 * 60,
      hours: { sun: [['00:00', '05:00']], mon: [['00:00', '05:00']] },
      timezone: 'America/New_York',
    },
    '2026-03-08T09:00:00.000000Z',
  ],
  [
    'and one whose clock falls back an hour longer',
    {
      begins: at('2026-11-01T04:00:00Z'),
      minutes: 6 * 60,
      hours: { sun: [['00:00', '05:00']] },
      timezone: 'America/New_York',
    },
    '2026-11-01T10:00:00.000000Z',
  ],
  [
    'night shift to midnight and on',
    {
      begins: at('2026-11-20T22:30:00Z'),
      minutes: 120,
      hours: { fri: [['22:00', '24:00']], sat: [['00:00', '06:00']] },
      timezone: 'UTC',
    },
    '2026-11-21T00:30:00.000000Z',
  ],
])('%s', async (_what, asked, expected) => {
  expect(formatInstant(countedByHand(asked))).toBe(expected);
  expect(formatInstant((await deadline(asked)) ?? 0n)).toBe(expected);
});

test('with no working time in ten years there is no deadline', async () => {
  const daysOff = Array.from({ length: 540 }, (_, week) =>
    new Date(Date.UTC(2026, 10, 23 + 7 * week)).toISOString().slice(0, 10),
  );
  const asked = { begins: at('2026-11-22T00:00:00Z'), minutes: 1, daysOff, timezone: 'UTC' };
  expect(await deadline({ ...asked, hours: { mon: [['09:00', '17:00']] } })).toBeNull();
});

test('any deadline is the one counted minute by minute', async () => {
  // Away from hours that clocks leave out or show twice: of these the wall clock says too little.
  const spans = fc.constantFrom<[string, string][]>(
    [['09:00', '17:00']],
    [
      ['08:15', '12:00'],
      ['13:30', '18:45'],
    ],
    [['00:00', '24:00']],
    [['00:00', '12:00']],
    [['18:00', '24:00']],
  );
  const hours = fc.option(
    fc.dictionary(fc.constantFrom(...names), spans, { minKeys: 1, maxKeys: 7 }),
  );
  const zones = ['America/New_York', 'Australia/Lord_Howe', 'Europe/Berlin', 'Asia/Kathmandu'];
  // Around the changes of 2026 in these zones.
  const days = ['2026-03-06', '2026-03-27', '2026-04-03', '2026-10-02', '2026-10-30'];
  const asked = fc.record({
    begins: fc
      .tuple(fc.constantFrom(...days), fc.nat({ max: 4 * 1440 }))
      .map(([day, minute]) => at(`${day}T00:00:00Z`) + BigInt(minute) * MINUTE),
    minutes: fc.integer({ min: 1, max: 900 }),
    hours,
    daysOff: fc.subarray(['2026-03-09', '2026-03-30', '2026-10-05', '2026-11-01']),
    timezone: fc.constantFrom(...zones),
  });
  await fc.assert(
    fc.asyncProperty(asked, async (one) => {
      const found = await deadline(one);
      expect(found === null ? null : formatInstant(found)).toBe(formatInstant(countedByHand(one)));
    }),
    { numRuns: 60 },
  );
});
