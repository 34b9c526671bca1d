import { Temporal } from 'temporal-polyfill';
import { RowFault } from './row-fault.ts';

/** In which order day and month stand where a date is written with slashes. */
export type DayOrder = 'mdy' | 'dmy';

/**
 * Reads the times and dates of cells. Both throw a RowFault for what is none, and a sentence that
 * ends the import where a time needs the zone, and nobody knows it.
 */
export interface TimeReader {
  /** A moment with its offset, as the API takes it. */
  moment(text: string): string;
  /** A date, `2026-11-22`. */
  date(text: string): string;
}

interface Written {
  readonly date: string;
  readonly time: string | undefined;
  readonly offset: string | undefined;
}

// A zone's rules are asked once a day, not once a row: 15 µs a time, 200,000 rows with two.
const mostDays = 20_000;

/**
 * A reader of times. Without an offset a time is local time of the zone, a date the start of that
 * day, which need not be midnight. A time that the clock skipped is read as if it had gone on
 * (02:30 is 03:30), one that it repeated as the first of the two. Without a zone all need offsets.
 */
export function timeReader(given: {
  timezone: string | undefined;
  dates: DayOrder | undefined;
}): TimeReader {
  const { timezone, dates } = given;
  const offsets = new Map<string, string | undefined>();
  const offsetOf = (date: string, zone: string): string | undefined => {
    if (!offsets.has(date)) {
      if (offsets.size === mostDays) offsets.clear();
      offsets.set(date, offsetAllDay(date, zone));
    }
    return offsets.get(date);
  };
  return {
    moment(text) {
      const { date, time, offset } = parse(text, dates);
      if (offset !== undefined) return `${date}T${time}${offset}`;
      if (timezone === undefined) throw new Error(`The time "${text}" ${noZone}`);
      const allDay = offsetOf(date, timezone);
      if (allDay !== undefined) return `${date}T${time ?? '00:00:00'}${allDay}`;
      return changingDay(date, time, timezone);
    },
    date(text) {
      const { date, time } = parse(text, dates, notADate);
      if (time !== undefined && !/^00:00:00(\.0+)?$/.test(time)) throw new RowFault(notADate);
      return plainDate(date).toString();
    },
  };
}

const notATime =
  'is not a time: write 2026-11-22T10:00:00Z, or local time as 2026-11-22 10:00, or 2026-11-22';
const notADate = 'is not a date: write 2026-11-22, without a time';
const noOrder =
  'does not say which number is the day: import with --dates mdy or --dates dmy to read such dates';
const noZone =
  'has no offset, and this key may not read the zone of the workspace: it lacks "reports:read".';

const yearFirst = /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ](.+))?$/i;
const yearLast = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:,? +(.+))?$/;
const clock = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d(?:\.\d{1,9})?))? ?([AP]M|Z|UTC|[+-][\d:]{2,5})?$/i;

function parse(text: string, dates: DayOrder | undefined, otherwise = notATime): Written {
  const trimmed = text.trim();
  const [, year, month, day, time] = yearFirst.exec(trimmed) ?? [];
  if (year !== undefined) return { date: `${year}-${month}-${day}`, ...clockOf(time, otherwise) };
  const [, first = '', second = '', lastYear, lastTime] = yearLast.exec(trimmed) ?? [];
  if (lastYear === undefined) throw new RowFault(otherwise);
  if (dates === undefined) throw new RowFault(noOrder);
  const numbers = dates === 'mdy' ? [first, second] : [second, first];
  const date = [lastYear, ...numbers.map((number) => number.padStart(2, '0'))].join('-');
  return { date, ...clockOf(lastTime, otherwise) };
}

function clockOf(text: string | undefined, otherwise: string): Omit<Written, 'date'> {
  if (text === undefined) return { time: undefined, offset: undefined };
  const [, hour, minute, second = '00', suffix] = clock.exec(text) ?? [];
  const half = /^[AP]M$/i.test(suffix ?? '') ? suffix?.toUpperCase() : undefined;
  const given = Number(hour);
  const isHour = half ? given >= 1 && given <= 12 : given <= 23;
  if (!isHour) throw new RowFault(otherwise);
  // 12 AM is the hour 00, 12 PM the hour 12.
  const hours = half ? (given % 12) + (half === 'PM' ? 12 : 0) : given;
  const time = `${String(hours).padStart(2, '0')}:${minute}:${second}`;
  return { time, offset: half ? undefined : fullOffset(suffix, otherwise) };
}

/** PostgreSQL writes +00 and +0530; the API takes Z and +05:30. */
function fullOffset(offset: string | undefined, otherwise: string): string | undefined {
  if (offset === undefined) return undefined;
  if (/^(z|utc)$/i.test(offset)) return 'Z';
  const [, sign, hours, minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  if (sign === undefined) throw new RowFault(otherwise);
  return `${sign}${hours}:${minutes}`;
}

/** The offset that holds from this day's midnight to the next one's; undefined where none does. */
function offsetAllDay(date: string, zone: string): string | undefined {
  const start = plainDate(date).toZonedDateTime(zone);
  const { offset } = start;
  const isWhole = start.hour === 0 && start.hoursInDay === 24;
  // Before there were zones, offsets had seconds, which the API's form has no place for.
  return isWhole && offset.length === 6 ? offset : undefined;
}

/** A day on which the clock changes, or does not begin at midnight. */
function changingDay(date: string, time: string | undefined, zone: string): string {
  const day = plainDate(date);
  const plainTime = time === undefined ? undefined : Temporal.PlainTime.from(time);
  return day.toZonedDateTime({ timeZone: zone, plainTime }).toInstant().toString();
}

function plainDate(date: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' });
  } catch {
    throw new RowFault('is a day that no calendar has');
  }
}
