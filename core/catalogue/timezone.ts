/**
 * Is this an IANA zone that PostgreSQL and JavaScript know alike? Not by Intl.supportedValuesOf,
 * which leaves out zones by their present names, such as Asia/Kolkata and Europe/Kyiv.
 */
export function isTimezone(name: string): boolean {
  if (name === 'UTC') return true;
  // PostgreSQL would also take Foo5 and +03:00, which are no zones with days of their own.
  if (!/^[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z_+-]*){1,2}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
