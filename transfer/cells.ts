import { textOfCell } from '../core/http/csv.ts';
import type { FieldType } from './kinds.ts';
import { RowFault } from './row-fault.ts';
import type { TimeReader } from './times.ts';

/**
 * What the text of a cell says, as the API takes it. What cannot be read in one way alone stays as
 * it is, for the API to refuse. Throws a RowFault where it could not say why.
 */
export function valueIn(text: string, type: FieldType, times: TimeReader): unknown {
  switch (type) {
    case 'text':
      return textOfCell(text);
    case 'moment':
      return times.moment(text);
    case 'date':
      return times.date(text);
    case 'money':
      return amountOf(text);
    case 'boolean':
      return booleans.get(text.trim().toLowerCase()) ?? text;
    case 'json':
      return jsonIn(text);
  }
}

const booleans = new Map([
  ...['true', 't', 'yes', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0'].map((word) => [word, false] as const),
]);

// An amount has at most two decimals, so that three digits after a comma are thousands. After a
// point they are not: 1.234 is also how a program writes a number that is no amount.
const withPoint = /^(\d+|[1-9]\d{0,2}([, '])\d{3}(?:\2\d{3})*)(?:\.(\d{1,2}))?$/;
const withComma = /^(\d+|[1-9]\d{0,2}([. '])\d{3}(?:\2\d{3})*)(?:,(\d{1,2}))$/;
const pointsAlone = /^[1-9]\d{0,2}(?:\.\d{3}){2,}$/;

/** `$1,234.50`, `1.234,50 €` and `1234.5` as amounts; anything else as it is. */
function amountOf(text: string): string {
  const bare = text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ').replaceAll('’', "'");
  const digits = bare.replace(/^\s*(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3})?\s*/u, '');
  const number = digits.replace(/\s*(?:\p{Sc}|[A-Z]{3})?\s*$/u, '');
  if (pointsAlone.test(number)) return number.replaceAll('.', '');
  const [whole, units = '', , decimals] = withPoint.exec(number) ?? withComma.exec(number) ?? [];
  if (whole === undefined) return text.trim();
  return units.replaceAll(/\D/g, '') + (decimals === undefined ? '' : `.${decimals}`);
}

/** A body nests 34 levels at most, a cell stands three deep, and one too deep would harm all. */
const mostLevels = 31;

function jsonIn(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RowFault('is not JSON');
  }
  if (nests(value, mostLevels)) throw new RowFault(`is nested more than ${mostLevels} levels deep`);
  return value;
}

function nests(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => nests(child, levels - 1));
}
