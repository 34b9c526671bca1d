import { parse } from 'csv-parse/sync';
import { textOfCell } from '../../core/http/csv.ts';
import type { Address } from '../../transfer/api.ts';
import { csvPages } from '../../transfer/csv-pages.ts';

/** All of a list as `npm run export` fetches it. */
export async function exportOf(
  address: Address,
  path: string,
  filters: Record<string, string> = {},
): Promise<string> {
  const { signal } = new AbortController();
  const wanted = { path, filters, limit: 1000, signal, onWait: () => undefined };
  let text = '';
  for await (const page of csvPages(address, wanted)) text += page.text;
  return text;
}

/** A row of a CSV file of ours: null where the cell is empty, text where it is there. */
export type ExportedRow = Record<string, string | null>;

/** What a CSV file of ours says, apostrophes before formulas taken off again. */
export function readExport(csv: string): ExportedRow[] {
  return parse(csv, {
    columns: true,
    cast: (text, { quoting, header }) =>
      header ? text : text === '' && !quoting ? null : textOfCell(text),
  });
}
