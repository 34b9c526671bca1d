import { moment, money } from '../http/fields.ts';

/**
 * An amount as a person writes it: "$450,000", "450k", "1.2 million", "450.000,00 €". Undefined
 * where it could mean two amounts, such as a range or "450.000".
 */
export function readAmount(text: string): string | undefined {
  const bare = text
    .replace(/^(\p{Sc}|[A-Z]{2,3}\s*\p{Sc}?(?=[\s\d]))\s*/u, '')
    .replace(/\s*(\p{Sc}|[A-Z]{3})$/u, '');
  const [, digits = '', unit = ''] = /^([\d.,' \u00a0]+?)\s*(k|m|mio|million)?$/i.exec(bare) ?? [];
  const plain = plainNumber(digits.replaceAll('\u00a0', ' '));
  if (plain === undefined) return undefined;
  const factor = unit === '' ? 1 : unit.toLowerCase() === 'k' ? 1000 : 1_000_000;
  const amount = factor === 1 ? plain : scaled(plain, factor);
  const read = money.safeParse(amount);
  return read.success ? read.data : undefined;
}

function plainNumber(digits: string): string | undefined {
  if (/^\d+(\.\d{1,2})?$/.test(digits)) return digits;
  if (/^\d{1,3}([,' ]\d{3})+(\.\d{1,2})?$/.test(digits)) return digits.replaceAll(/[,' ]/g, '');
  const twice = /^\d{1,3}(\.\d{3}){2,}(,\d{1,2})?$/;
  const withCents = /^\d{1,3}(\.\d{3})+,\d{1,2}$/;
  if (!twice.test(digits) && !withCents.test(digits)) return undefined;
  return digits.replaceAll('.', '').replace(',', '.');
}

/** "1.25" and a million is "1250000"; the digits are moved, not multiplied. */
function scaled(plain: string, factor: number): string {
  const [whole = '', fraction = ''] = plain.split('.');
  return `${whole}${fraction.padEnd(String(factor).length - 1, '0')}`.replace(/^0+(?=\d)/, '');
}

/**
 * A moment: ISO 8601 with its offset, which may lack its colon, or seconds or milliseconds since
 * 1970. Undefined where it is none, or lies more than 5 minutes after `now`.
 */
export function readMoment(text: string, now: string): string | undefined {
  const seconds = /^\d{9,10}$/.test(text) ? Number(text) * 1000 : undefined;
  const given = seconds ?? (/^\d{12,13}$/.test(text) ? Number(text) : undefined);
  const iso = given === undefined ? withColon(text) : new Date(given).toISOString();
  const read = moment.safeParse(iso);
  if (!read.success) return undefined;
  return Date.parse(read.data) <= Date.parse(now) + 300_000 ? read.data : undefined;
}

function withColon(text: string): string {
  return text.replace(/^(\S+) (\d)/, '$1T$2').replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
}

/** Yes or no, as forms say it. */
export function readYesOrNo(text: string): boolean | undefined {
  if (/^(true|1|yes|y|on)$/i.test(text)) return true;
  return /^(false|0|no|n|off)$/i.test(text) ? false : undefined;
}

/** "Ada Maria Lund" and "Lund, Ada Maria": the first word is the first name, or what follows. */
export function readName(text: string): { first_name?: string; last_name?: string } {
  const [last, first] = text.split(/\s*,\s*/, 2);
  if (first && last) return { first_name: first, last_name: last };
  const [word, ...rest] = text.split(/\s+/);
  return { first_name: word, ...(rest.length > 0 && { last_name: rest.join(' ') }) };
}
