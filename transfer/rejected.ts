import { constants } from 'node:fs';
import { access, type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CsvFile, emptyText, type Row } from './csv-file.ts';

/** The file of the rows that were not taken in, made with the first of them. */
export interface RejectedFile {
  readonly path: string;
  /** Those among rows of which it is now known what becomes of them, perhaps none. */
  add(rejected: readonly Rejected[]): Promise<void>;
  close(): Promise<void>;
}

/** A row and why it was not taken in. */
export interface Rejected {
  readonly row: Row;
  readonly reason: string;
}

/** They come before those of the file, so that a row with too few cells still has too few. */
const ownColumns = ['line', 'reason'];

/** How many columns of a file are those that an earlier import has put there: 2 or 0. */
export function ownColumnsOf(header: readonly string[]): number {
  return ownColumns.every((name, at) => header[at] === name) ? ownColumns.length : 0;
}

/**
 * Opens `leads.rejected.csv` beside `leads.csv`. It has the cells as they came, so that it can be
 * put right and imported. That of an earlier run, which a person may be putting right, stays until
 * the first rows of this one are through; a dry run leaves it alone, and has a file of its own,
 * `leads.dry-run.rejected.csv`. Throws a sentence where the folder cannot be written.
 */
export async function openRejected(
  input: CsvFile & { header: readonly string[]; dryRun: boolean },
): Promise<RejectedFile> {
  const { header, delimiter, dryRun } = input;
  const name = input.path.replace(/\.csv$/i, '');
  const path = `${name}${dryRun ? '.dry-run' : ''}.rejected.csv`;
  const told = tellingWhere(path);
  await access(dirname(path), constants.W_OK).catch(told);
  const own = ownColumnsOf(header);
  const lineOf = (cells: readonly string[]) =>
    `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\r\n`;
  let file: FileHandle | undefined;
  let isOurs = false;
  return {
    path,
    async add(rejected) {
      if (!isOurs) await rm(path, { force: true }).catch(told);
      isOurs = true;
      if (rejected.length === 0) return;
      const lines = rejected.map(({ row, reason }) =>
        lineOf([String(row.line), reason, ...row.cells.slice(own)]),
      );
      if (!file) lines.unshift(lineOf([...ownColumns, ...header.slice(own)]));
      file ??= await open(path, 'w').catch(told);
      await file.write(lines.join(''));
    },
    async close() {
      await file?.close();
    },
  };
}

function tellingWhere(path: string) {
  return ({ code }: NodeJS.ErrnoException): never => {
    throw new Error(`Rejected rows would go to ${path}, which cannot be written (${code}).`);
  };
}

function quoted(cell: string, delimiter: string): string {
  if (cell === emptyText) return '""';
  if (!/["\r\n]/.test(cell) && !cell.includes(delimiter)) return cell;
  return `"${cell.replaceAll('"', '""')}"`;
}
