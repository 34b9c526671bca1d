import type { Row } from '../database/rows.ts';
import type { Column } from './columns.ts';

/** Rows as CSV (RFC 4180), the header from the columns; text cells made safe against formulas. */
export function toCsv(
  columns: readonly Pick<Column, 'name' | 'kind'>[],
  rows: readonly Row[],
): string {
  const header = columns.map((column) => column.name).join(',');
  const lines = rows.map((row) =>
    columns.map((column) => cell(row[column.name], column.kind === 'text')).join(','),
  );
  return `${[header, ...lines].join('\r\n')}\r\n`;
}

/** A spreadsheet runs text that begins like a formula; an apostrophe before it keeps it text. */
function cell(value: unknown, isText: boolean): string {
  if (value === null || value === undefined) return '';
  const plain = String(value);
  const safe = isText && /^[=+\-@\t\0\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
