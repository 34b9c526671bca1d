/** Instants, wall clocks and calendar days of an IANA zone, through Intl alone. */

import type { Bucket, Micros } from './types.ts';

export const SECOND: Micros = 1_000_000n;
export const MINUTE: Micros = 60n * SECOND;
export const HOUR: Micros = 60n * MINUTE;
export const DAY: Micros = 24n * HOUR;

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/;

/** `2026-11-22T10:00:00.123456Z` (an offset is required) as microseconds. */
export function parseInstant(text: string): Micros {
  const match = ISO.exec(text);
  if (!match) throw new Error(`Not an instant with an offset: ${text}`);
  const [, seconds, fraction, offset] = match;
  const milliseconds = Date.parse(`${seconds}${offset}`);
  return BigInt(milliseconds) * 1000n + BigInt((fraction ?? '').padEnd(6, '0'));
}

export function formatInstant(instant: Micros): string {
  const seconds = floorDivide(instant, SECOND);
  const fraction = instant - seconds * SECOND;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(fraction).padStart(6, '0')}Z`;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timezone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timezone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timezone, formatter);
  }
  return formatter;
}

/** What the zone's wall clock shows, as the microseconds of that reading taken for UTC. */
export function wallClock(instant: Micros, timezone: string): Micros {
  const seconds = floorDivide(instant, SECOND);
  const shown: Record<string, number> = {};
  for (const part of formatterOf(timezone).formatToParts(Number(seconds) * 1000)) {
    if (part.type !== 'literal') shown[part.type] = Number(part.value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const reading = Date.UTC(year, month - 1, day, hour, minute, second);
  return BigInt(reading) * 1000n + (instant - seconds * SECOND);
}

export function localDate(instant: Micros, timezone: string): string {
  return formatInstant(wallClock(instant, timezone)).slice(0, 10);
}

/** The zone's offset from UTC at an instant. */
export function offsetAt(instant: Micros, timezone: string): Micros {
  return wallClock(instant, timezone) - instant;
}

/**
 * The instant of a wall-clock reading. A reading that occurs twice is the later one; one that
 * never occurs is read with the offset before the clock jumped (as PostgreSQL's
 * `timestamp at time zone zone` reads both).
 */
export function instantOfWall(wall: Micros, timezone: string): Micros {
  const offsetBefore = offsetAt(wall - DAY, timezone);
  const offsetAfter = offsetAt(wall + DAY, timezone);
  const readings = [wall - offsetBefore, wall - offsetAfter].filter(
    (instant) => wallClock(instant, timezone) === wall,
  );
  const [first, second] = readings;
  if (first === undefined) return wall - offsetBefore;
  if (second === undefined) return first;
  if (second > first) return second;
  return first;
}

/** The same wall-clock time `days` calendar days earlier. */
export function daysEarlier(instant: Micros, days: number, timezone: string): Micros {
  return instantOfWall(wallClock(instant, timezone) - BigInt(days) * DAY, timezone);
}

/** The first instant whose local date is `date` or later (a day need not have a midnight). */
export function startOfLocalDay(date: string, timezone: string): Micros {
  let before = parseInstant(`${date}T00:00:00Z`) - 2n * DAY;
  let notBefore = before + 4n * DAY;
  while (notBefore - before > 1n) {
    const middle = (before + notBefore) / 2n;
    if (localDate(middle, timezone) < date) before = middle;
    else notBefore = middle;
  }
  return notBefore;
}

export function addDays(date: string, days: number): string {
  return formatInstant(parseInstant(`${date}T00:00:00Z`) + BigInt(days) * DAY).slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Number((parseInstant(`${to}T00:00:00Z`) - parseInstant(`${from}T00:00:00Z`)) / DAY);
}

/** The first day of the bucket that holds a day: itself, its Monday, the 1st of its month. */
export function bucketOf(date: string, bucket: Bucket): string {
  if (bucket === 'day') return date;
  if (bucket === 'month') return `${date.slice(0, 8)}01`;
  let monday = date;
  while (new Date(`${monday}T00:00:00Z`).getUTCDay() !== 1) monday = addDays(monday, -1);
  return monday;
}

/** The first day after the bucket that starts on a day. */
export function endOfBucket(start: string, bucket: Bucket): string {
  let day = addDays(start, 1);
  while (bucketOf(day, bucket) === start) day = addDays(day, 1);
  return day;
}
