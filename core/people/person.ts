import * as z from 'zod/mini';
import { shortText, written } from '../http/fields.ts';
import { Problem, problemAt } from '../http/problem.ts';
import { normaliseEmail, normalisePhone } from '../leads/contact.ts';
import { settings } from '../settings.ts';

/** Leads a person has at most; a number with more is an office's, and not one person's to give. */
export const mostLeads = 100;

/** The team's own number of a request. It is kept for the record: ids, no names. */
export const reference = z.optional(
  written(
    /^[A-Za-z0-9#/._-]{1,40}$/,
    'is a number of yours, at most 40 letters, digits and # / . _ -, and no name',
  ),
);

/** Who is meant: everybody with this e-mail address, and everybody with this phone number. */
export const whoIsMeant = {
  email: z.optional(shortText(320)),
  phone: z.optional(shortText(50)),
};

type Meant = { email?: string | undefined; phone?: string | undefined };

/** One of them must be there. */
export const someoneIsMeant = z.refine<Meant>(
  ({ email, phone }) => email !== undefined || phone !== undefined,
  { path: ['email'], message: 'or "phone" must say who is meant, or both' },
);

/** The person's address and number as leads are matched by them. Throws a Problem where not one. */
export function matchedBy({ email, phone }: Meant) {
  const given = {
    email: normaliseEmail(email),
    phone: normalisePhone(phone, settings().DEFAULT_COUNTRY),
  };
  refuseUnless(email === undefined || given.email !== null, 'email', 'an e-mail address');
  refuseUnless(phone === undefined || given.phone !== null, 'phone', 'a phone number');
  return given;
}

function refuseUnless(fine: boolean, name: string, form: string): void {
  if (fine) return;
  const fault = { pointer: `/${name}`, code: 'invalid', detail: `"${name}" is not ${form}.` };
  throw problemAt(422, [fault]);
}

/** Throws where so many leads are found that they cannot be one person's. */
export function refuseMany(found: number): void {
  if (found <= mostLeads) return;
  const detail =
    `More than ${mostLeads} leads have this address or number: it is an office's, not one ` +
    `person's, and nothing was done. GET /v1/leads?q= lists them: name those that are meant.`;
  throw new Problem(409, detail);
}
