import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** An e-mail address as it is matched: trimmed, lower-case; null where it can be none. */
export function normaliseEmail(email: string | null | undefined): string | null {
  const text = email?.trim().toLowerCase() ?? '';
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text : null;
}

/**
 * A phone number as E.164, numbers without a country read as of `country`; null where it is none.
 */
export function normalisePhone(phone: string | null | undefined, country: string): string | null {
  if (!phone) return null;
  const number = parsePhoneNumberFromString(phone, country as CountryCode);
  return number?.isPossible() ? number.number : null;
}
