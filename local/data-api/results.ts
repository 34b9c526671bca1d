import type { QueryArrayResult } from 'pg';
import { DataApiError, unsupportedResult } from './errors.ts';
import type { Limits } from './limits.ts';
import type { ApiRequest } from './request.ts';
import { type Kind, type KnownTypes, refusedName } from './types.ts';

/** A value on the wire: one member of the service's Field union. */
export type Field = Record<string, unknown>;

/** PostgreSQL's answer, values as the text it sent. */
export type RawResult = QueryArrayResult<(string | null)[]>;

type Convert = (text: string) => unknown;
type Column = { member: string; convert: Convert; toField: (text: string) => Field };

/** The rows as Fields. Throws UnsupportedResultException for types the service refuses. */
export function toRecords(result: RawResult, known: KnownTypes, request: ApiRequest): Field[][] {
  const columns = toColumns(result, known, request);
  return result.rows.map((row) =>
    row.map((text, index) => {
      const column = columns[index];
      return text === null || !column ? { isNull: true } : column.toField(text);
    }),
  );
}

/** The rows as one JSON text (`formatRecordsAs: JSON`); numeric and json stay strings. */
export function toFormatted(result: RawResult, known: KnownTypes, request: ApiRequest): string {
  const names = result.fields.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw unsupportedResult('The result contains duplicate column names');
  }
  const columns = toColumns(result, known, request);
  const rows = result.rows.map((row) =>
    row.map((text, at) => [names[at], text === null ? null : columns[at]?.convert(text)]),
  );
  return JSON.stringify(rows.map((row) => Object.fromEntries(row)));
}

/** Sizes as PostgreSQL sends them: 2 bytes a row and 4 a value besides the values' own bytes. */
export function checkSize(result: RawResult, limits: Limits): void {
  let total = 0;
  for (const row of result.rows) {
    let size = 2 + 4 * row.length;
    for (const text of row) if (text !== null) size += Buffer.byteLength(text);
    if (size > limits.rowBytes) throw unsupportedResult('Packet for query is too large');
    total += size;
    if (total > limits.responseBytes) {
      throw unsupportedResult('The result exceeds the size limit 1 MB.');
    }
  }
}

function toColumns(result: RawResult, known: KnownTypes, request: ApiRequest): Column[] {
  return result.fields.map(({ dataTypeID }) => {
    const type = known.get(dataTypeID);
    if (!type?.kind) {
      const name = type ? refusedName(type) : String(dataTypeID);
      throw unsupportedResult(`The result contains the unsupported data type ${name}.`);
    }
    return toColumn(type.kind, type.isArray, request);
  });
}

function toColumn(kind: Kind, isArray: boolean, { resultSetOptions }: ApiRequest): Column {
  const { longReturnType, decimalReturnType } = resultSetOptions ?? {};
  const asText = kind === 'long' && longReturnType === 'STRING';
  const one = asText ? members.text : members[kind];
  if (isArray) {
    const convert: Convert = (text) => parseArray(text, one.convert);
    const list = `${one.member}s`;
    return { ...one, convert, toField: (text) => ({ arrayValue: { [list]: convert(text) } }) };
  }
  if (kind === 'decimal' && decimalReturnType === 'DOUBLE_OR_LONG') {
    const member = (text: string) => (/^-?\d+$/.test(text) ? 'longValue' : 'doubleValue');
    const toField = (text: string) => ({ [member(text)]: toDouble(text) });
    return { ...one, convert: toDouble, toField };
  }
  return { ...one, toField: (text) => ({ [one.member]: one.convert(text) }) };
}

const same: Convert = (text) => text;
const members: Record<Kind, Omit<Column, 'toField'>> = {
  boolean: { member: 'booleanValue', convert: (text) => text === 't' },
  long: { member: 'longValue', convert: Number },
  double: { member: 'doubleValue', convert: toDouble },
  decimal: { member: 'stringValue', convert: same },
  blob: { member: 'blobValue', convert: toBase64 },
  moment: { member: 'stringValue', convert: toMoment },
  text: { member: 'stringValue', convert: same },
};

// NaN and the infinities are no JSON numbers; the SDK reads them from strings.
function toDouble(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

function toBase64(hex: string): string {
  return Buffer.from(hex.slice(2), 'hex').toString('base64');
}

/** In UTC without a zone; a fraction has three digits or six, none when it is zero. */
function toMoment(text: string): string {
  // Seen on the real service: infinite dates end in an error without a text.
  if (text.endsWith('infinity')) throw new DataApiError('InternalFailure', '', 500);
  const [, clock = text, fraction, zone] =
    /^(.*?\d)(?:\.(\d+))?([+-]\d\d(?::\d\d)*)?$/.exec(text.includes(':') ? text : '') ?? [];
  const utc = zone === undefined || zone === '+00' ? clock : toUtc(clock, zone);
  if (fraction === undefined) return utc;
  return `${utc}.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}`;
}

// Only after `set local time zone` in a transaction: the service answers in UTC even then.
function toUtc(clock: string, zone: string): string {
  const [hours = 0, minutes = 0, seconds = 0] = zone.slice(1).split(':').map(Number);
  const offset = (hours * 3600 + minutes * 60 + seconds) * (zone.startsWith('-') ? -1 : 1);
  const time = new Date(`${clock.replace(' ', 'T')}Z`).getTime() - offset * 1000;
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** `{a,"b c",NULL}`, perhaps with bounds before it (`[0:1]={…}`). */
function parseArray(text: string, convert: Convert): unknown[] {
  const body = text.slice(text.indexOf('{') + 1, -1);
  if (body.startsWith('{')) throw unsupportedResult('The result contains a multidimensional array');
  const elements = body.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|[^,]+/g);
  return Array.from(elements, ([plain, quoted]) => {
    if (quoted !== undefined) return convert(quoted.replace(/\\([\s\S])/g, '$1'));
    return plain === 'NULL' ? null : convert(plain);
  });
}
