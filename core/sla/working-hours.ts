import * as z from 'zod/mini';
import { day, written } from '../http/fields.ts';

/** The days of a week, as PostgreSQL's `to_char(day, 'dy')` has them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const opens = written(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day, such as 09:00');
const closes = written(
  /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
  'must be a time of the day, such as 17:30, or 24:00',
);

const spans = z.array(z.tuple([opens, closes])).check(
  z.minLength(1),
  z.maxLength(10),
  z.refine(
    (given) =>
      given.every(([from, to], index) => from < to && to <= (given[index + 1]?.[0] ?? '~')),
    'must be one after the other, each with its end after its beginning',
  ),
);

/**
 * When the team works, by the wall clock of the workspace's zone: for each day of the week that has
 * any, its intervals, `{"mon": [["09:00", "12:30"], ["13:30", "18:00"]]}`.
 */
export const workingHours = z
  .strictObject(Object.fromEntries(weekdays.map((name) => [name, z.optional(spans)])))
  .check(z.refine((hours) => Object.keys(hours).length > 0, 'must name at least one day'));

/** Days on which nobody works, whatever day of the week they are. */
export const daysOff = z.array(day).check(
  z.maxLength(400),
  z.refine((days) => new Set(days).size === days.length, 'names a day twice'),
);
