import { expect, test } from 'vitest';
import {
  addDays,
  bucketOf,
  daysBetween,
  daysEarlier,
  endOfBucket,
  formatInstant,
  instantOfWall,
  localDate,
  offsetAt,
  parseInstant,
  startOfLocalDay,
} from './local-time.ts';

const wall = (text: string) => parseInstant(`${text}Z`);
const read = (text: string, zone: string) => formatInstant(instantOfWall(wall(text), zone));
const start = (day: string, zone: string) => formatInstant(startOfLocalDay(day, zone));
const dateOf = (text: string, zone: string) => localDate(parseInstant(text), zone);

test('instants keep their microseconds', () => {
  expect(parseInstant('1970-01-01T00:00:01.000002Z')).toBe(1_000_002n);
  expect(parseInstant('1969-12-31T23:59:59.999999Z')).toBe(-1n);
  expect(parseInstant('2026-11-22T10:00:00+02:00')).toBe(parseInstant('2026-11-22T08:00:00Z'));
  expect(formatInstant(-1n)).toBe('1969-12-31T23:59:59.999999Z');
  expect(formatInstant(parseInstant('2026-11-22T10:00:00.1Z'))).toBe('2026-11-22T10:00:00.100000Z');
  expect(() => parseInstant('2026-11-22T10:00:00')).toThrow();
});

test('America/Sao_Paulo 2017-10-15 has no midnight', () => {
  const zone = 'America/Sao_Paulo';
  // 23:59:59.999999 at −3 is followed by 01:00 at −2.
  expect(dateOf('2017-10-15T02:59:59.999999Z', zone)).toBe('2017-10-14');
  expect(dateOf('2017-10-15T03:00:00Z', zone)).toBe('2017-10-15');
  expect(start('2017-10-15', zone)).toBe('2017-10-15T03:00:00.000000Z');
  // 00:30 never was: with the offset before, −3, it is 03:30Z (which showed 01:30).
  expect(read('2017-10-15T00:30:00', zone)).toBe('2017-10-15T03:30:00.000000Z');
  expect(start('2017-10-16', zone)).toBe('2017-10-16T02:00:00.000000Z');
});

test('Australia/Lord_Howe changes by half an hour', () => {
  const zone = 'Australia/Lord_Howe';
  // 2026-10-04 02:00 at +10:30 becomes 02:30 at +11: 15:30Z the day before.
  expect(offsetAt(parseInstant('2026-10-03T15:29:59Z'), zone)).toBe(37_800_000_000n);
  expect(offsetAt(parseInstant('2026-10-03T15:30:00Z'), zone)).toBe(39_600_000_000n);
  // 02:15 never was: at +10:30 it is 15:45Z.
  expect(read('2026-10-04T02:15:00', zone)).toBe('2026-10-03T15:45:00.000000Z');
  // 2026-04-05 02:00 at +11 becomes 01:30 at +10:30; 01:45 was at 14:45Z and at 15:15Z.
  expect(read('2026-04-05T01:45:00', zone)).toBe('2026-04-04T15:15:00.000000Z');
  expect(read('2026-04-05T01:29:59', zone)).toBe('2026-04-04T14:29:59.000000Z');
});

test('America/Havana has two midnights on 2026-11-01', () => {
  const zone = 'America/Havana';
  // 01:00 at −4 becomes 00:00 at −5, so 04:00Z and 05:00Z both show 00:00.
  expect(start('2026-11-01', zone)).toBe('2026-11-01T04:00:00.000000Z');
  expect(read('2026-11-01T00:00:00', zone)).toBe('2026-11-01T05:00:00.000000Z');
  expect(dateOf('2026-11-01T04:30:00Z', zone)).toBe('2026-11-01');
});

test('Pacific/Apia had no 2011-12-30', () => {
  const zone = 'Pacific/Apia';
  expect(dateOf('2011-12-30T09:59:59.999999Z', zone)).toBe('2011-12-29');
  expect(dateOf('2011-12-30T10:00:00Z', zone)).toBe('2011-12-31');
  expect(start('2011-12-30', zone)).toBe(start('2011-12-31', zone));
});

test('days earlier is the same time on the wall', () => {
  // New York 2026-03-10 02:30 is −4, five days before it is −5.
  const at = parseInstant('2026-03-10T06:30:00.000001Z');
  expect(formatInstant(daysEarlier(at, 5, 'America/New_York'))).toBe('2026-03-05T07:30:00.000001Z');
  // São Paulo 2017-10-18 00:30 (−2), three days before: 00:30 of the day without one.
  const night = parseInstant('2017-10-18T02:30:00Z');
  expect(formatInstant(daysEarlier(night, 3, 'America/Sao_Paulo'))).toBe(
    '2017-10-15T03:30:00.000000Z',
  );
});

test('calendar days and buckets', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
  // 2026-11-22 is a Sunday.
  expect(bucketOf('2026-11-22', 'week')).toBe('2026-11-16');
  expect(bucketOf('2026-11-23', 'week')).toBe('2026-11-23');
  expect(bucketOf('2026-11-22', 'month')).toBe('2026-11-01');
  expect(bucketOf('2026-11-22', 'day')).toBe('2026-11-22');
  expect(endOfBucket('2026-12-01', 'month')).toBe('2027-01-01');
  expect(endOfBucket('2026-11-16', 'week')).toBe('2026-11-23');
});
