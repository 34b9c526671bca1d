/** A column of a CSV file; only text is made safe, never a number or an amount. */
export interface CsvColumn {
  readonly name: string;
  /** `text` for what a person may have written. */
  readonly kind: string;
}

/**
 * Rows as CSV (RFC 4180) with a header. An empty cell is null, a quoted empty one is empty text;
 * text that a spreadsheet would run as a formula has an apostrophe before it, and so has text that
 * already begins so: taking one off gives back exactly what was there.
 */
export function toCsv(
  columns: readonly CsvColumn[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const header = columns.map((column) => column.name).join(',');
  const lines = rows.map((row) =>
    columns.map((column) => cell(row[column.name], column.kind === 'text')).join(','),
  );
  return `${[header, ...lines].join('\r\n')}\r\n`;
}

/** What a CSV file of this name is sent with. */
export const csvHeaders = (name: string) => ({
  'cache-control': 'no-store',
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}.csv"`,
});

/**
 * Apostrophes, then what a spreadsheet takes for the beginning of a formula: those of
 * https://owasp.org/www-community/attacks/CSV_Injection. Its NUL is in no text that we keep.
 */
const formula = /^'*[=+\-@＝＋－＠\t\r\n]/;

function cell(value: unknown, isText: boolean): string {
  if (value === null || value === undefined) return '';
  const plain = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = isText && typeof value === 'string' && formula.test(plain) ? `'${plain}` : plain;
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text that a cell of ours stands for. */
export function textOfCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}
