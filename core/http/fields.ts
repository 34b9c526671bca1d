import * as z from 'zod/mini';
import { type Constraint, faultOf } from './database-problems.ts';
import { storedBytes } from './stored-size.ts';

/** Text of at most `length` characters. */
export const shortText = (length: number) => z.string().check(z.maxLength(length));

/** Text in a form that OpenAPI shows, refused with a sentence of its own. */
export const written = (form: RegExp, must: string) =>
  z
    .string()
    .check(z.refine((text) => form.test(text), must))
    .register(z.globalRegistry, { pattern: form.source });

/** A UUID in any case; stored and answered in lower case. */
export const id = z.pipe(
  z.guid(),
  z.transform((text: string) => text.toLowerCase()),
);

/** Years that a calendar can be right about; what comes out has four digits too. */
export const inOurTime = z.refine<string>(
  (text) => text >= '1900' && text < '2200',
  'must be between the years 1900 and 2200',
);

// Said, not as a pattern: fuzzers would throw nearly all the times away that they make.
const years = { description: 'Of the years 1900 to 2199' };

/** A calendar day. */
export const day = z.iso.date().check(inOurTime).register(z.globalRegistry, years);

/**
 * A moment with its offset. Digits beyond the microsecond are cut: rounding could change the day.
 */
export const moment = z.pipe(
  z.iso
    .datetime({ offset: true })
    .check(
      inOurTime,
      z.refine((text) => !/[+-](1[6-9]|2\d):?\d\d$/.test(text), 'has an offset that no zone has'),
    )
    .register(z.globalRegistry, years),
  z.transform((text: string) => text.replace(/(\.\d{6})\d+/, '$1')),
);

/** An amount: a number or text, not negative, at most two decimals; text inside. */
export const money = z.pipe(
  z.union([
    z.number().register(z.globalRegistry, { minimum: 0, exclusiveMaximum: 1e12 }),
    z.string().register(z.globalRegistry, { pattern: '^\\d{1,12}(\\.\\d{1,2})?$' }),
  ]),
  z.transform((amount: number | string, context) => {
    const text = String(amount);
    if (/^\d{1,12}(\.\d{1,2})?$/.test(text)) return text;
    context.issues.push({
      code: 'custom',
      input: amount,
      message: 'must be an amount of at least 0 with at most two decimals, such as "12500.00"',
    });
    return z.NEVER;
  }),
);

/** A JSON object of any shape. */
export const jsonObject = z.record(z.string(), z.unknown());

/**
 * A rule of a table's that can be checked without the table, so that nothing waits in a queue which
 * the database would then refuse; told as if the database had.
 */
export function keeps<T>(
  constraint: Constraint,
  holds: (value: T) => boolean,
  path: string[] = [],
): z.core.$ZodCheck<T> {
  const message = faultOf(constraint).detail;
  return z.refine<T>(holds, { path, message, params: { constraint } });
}

/** A JSON object of at most so many bytes as stored. */
export const storedObject = (bytes: number, constraint: Constraint) =>
  jsonObject.check(keeps(constraint, (value) => storedBytes(value) <= bytes));

/** An external id: what the sender calls it. */
export const externalId = z.string().check(z.minLength(1), z.maxLength(200));

/** The `sub` of a person's token: what the sign-in calls that person. */
export const subject = written(
  /^[\x21-\x7e]{1,128}$/,
  'must be 1 to 128 characters without blanks',
);

/** What a path with an id needs. */
export const pathWithId = z.object({ id });
