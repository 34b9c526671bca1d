import * as z from 'zod/mini';

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const exact = z.iso.datetime({ offset: true });

/** The moment a person means: with an offset, or from now as `+25h`. Throws a sentence. */
export function momentOf(text: string, now: Date): Date {
  const [, count, unit] = /^([+-]\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count && unit) return new Date(now.getTime() + Number(count) * units[unit as 'm']);
  if (exact.safeParse(text).success) return new Date(text);
  throw new Error(`"${text}" is not a time. Give 2026-11-22T10:00:00Z, or from now +25h.`);
}
