import * as z from 'zod/mini';

/** Text of at most `length` characters. */
export const shortText = (length: number) => z.string().check(z.maxLength(length));

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

/**
 * A moment with its offset. Digits beyond the microsecond are cut: rounding could change the day.
 */
export const moment = z.pipe(
  z.iso.datetime({ offset: true }).check(
    inOurTime,
    z.refine((text) => !/[+-](1[6-9]|2\d):?\d\d$/.test(text), 'has an offset that no zone has'),
  ),
  z.transform((text: string) => text.replace(/(\.\d{6})\d+/, '$1')),
);

/** An amount: a number or text, not negative, at most two decimals; text inside. */
export const money = z.pipe(
  z.union([z.number(), z.string()]),
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

/** Where a lead came from, as it is stored: trimmed, lower-case; blank is a source of its own. */
export const source = z.pipe(shortText(100), z.transform(normaliseSource));

/** 'Zillow ' and 'zillow' are one source. */
export function normaliseSource(text: string): string {
  return text.trim().toLowerCase();
}

/** A JSON object of any shape. */
export const jsonObject = z.record(z.string(), z.unknown());

/** The seed's scores. */
export const qualityScore = z.enum(['A', 'B', 'C', 'D']);

/** The seed's stages, in their order. */
export const stages = [
  'new',
  'contacted',
  'qualified',
  'appointment',
  'offer',
  'closed',
  'dead',
] as const;

/** The seed's event types and `scored`. */
export const eventTypes = [
  'created',
  'assigned',
  'scored',
  'contacted',
  'responded',
  'qualified',
  'appointment_scheduled',
  'offer_made',
  'closed',
  'dead',
] as const;

/** Who or what acted. */
export const eventSource = z
  .string()
  .check(
    z.refine(
      (text) => /^(agent|automation|lead|import|skill:[a-z0-9][a-z0-9._-]{0,99})$/.test(text),
      'must be agent, automation, lead, import or skill:<name>',
    ),
  );

/** An external id: what the sender calls it. */
export const externalId = z.string().check(z.minLength(1), z.maxLength(200));

/** What a path with an id needs. */
export const pathWithId = z.object({ id });
