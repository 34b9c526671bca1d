import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { onlyText, rowLimit, tooLong } from './plain-text.ts';

/** A record of the file: its cells, and the line it starts on, from 1. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** How a file is written. */
export interface CsvFile {
  readonly path: string;
  /** One character. */
  readonly delimiter: string;
  /** An export of leadpulse: a quoted empty cell is empty text, which is not nothing. */
  readonly isOurs?: boolean;
}

/** A quoted empty cell in a file of ours. No other cell is this: files with U+0000 are refused. */
export const emptyText = '\0';

/**
 * The rows of a file, the header first; blank lines are none. Keeps one record in memory. Throws a
 * sentence at what is no CSV in UTF-8: the place, and what to do where there is something.
 */
export async function* readCsv(
  file: CsvFile,
  { signal, ...options }: { signal?: AbortSignal; relax_quotes?: boolean } = {},
): AsyncGenerator<Row> {
  try {
    for await (const row of recordsOf(file, options)) {
      signal?.throwIfAborted();
      if (row.cells.length > 1 || row.cells[0] !== '') yield row;
    }
  } catch (error) {
    throw error instanceof CsvError ? await sentenceOf(error, file) : error;
  }
}

/** The header of a file, without the blanks around names. Throws where there is none. */
export async function readHeader(file: CsvFile): Promise<string[]> {
  const name = basename(file.path);
  await expectFile(file.path);
  // With another delimiter than we think, quotes stand in odd places: that is told first.
  for await (const { cells } of readCsv(file, { relax_quotes: true })) {
    const header = cells.map((cell) => cell.trim());
    expectDelimiter(header, file.delimiter, name);
    return header;
  }
  throw new Error(`${name} is empty.`);
}

/** Reads the whole file once: how many rows there are below the header. Throws as readCsv does. */
export async function countRows(file: CsvFile, signal: AbortSignal): Promise<number> {
  let count = -1;
  for await (const _ of readCsv(file, { signal })) count += 1;
  if (count === 0) throw new Error(`${basename(file.path)} has a header and no rows.`);
  return count;
}

/**
 * What to say after `--delimiter` for a header of more columns than this one's; undefined where no
 * other makes more.
 */
export function likelierDelimiter(
  header: readonly string[],
  delimiter: string,
): string | undefined {
  const text = header.join(delimiter);
  const counts = [',', ';', '\t', '|']
    .filter((other) => other !== delimiter)
    .map((other) => ({ other, count: text.split(other).length }))
    .filter(({ count }) => count > header.length);
  const [likely] = counts.sort((a, b) => b.count - a.count);
  return likely?.other === '\t' ? 'tab' : likely?.other;
}

async function* recordsOf(
  { path, delimiter, isOurs }: CsvFile,
  options: Options,
): AsyncGenerator<Row> {
  const parser = parse({
    delimiter,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: rowLimit,
    ...(isOurs && { cast: (cell, { quoting }) => (quoting && cell === '' ? emptyText : cell) }),
    ...options,
  });
  const source = createReadStream(path, { highWaterMark: 64 * 1024 });
  const text = (chunks: AsyncIterable<Buffer>) => onlyText(chunks, basename(path));
  // Whatever ends one of them ends all; what it was, the loop below throws.
  pipeline(source, text, parser, () => undefined);
  let line = 1;
  for await (const cells of parser as AsyncIterable<string[]>) {
    yield { line, cells };
    line += linesOf(cells);
  }
}

/** It has to be one that can be read twice. */
async function expectFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown');
  if (found === 'ENOENT') throw new Error(`There is no file ${path}.`);
  if (typeof found === 'string') throw new Error(`${path} cannot be read (${found}).`);
  if (found.isDirectory()) throw new Error(`${path} is a folder: name a file.`);
  if (!found.isFile()) throw new Error(`${path} is no file that can be read twice: save it first.`);
}

function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) lines += cell.split(/\r\n|\n|\r/).length - 1;
  }
  return lines;
}

function expectDelimiter(header: readonly string[], delimiter: string, name: string): void {
  const likely = likelierDelimiter(header, delimiter);
  if (header.length > 1 || likely === undefined) return;
  throw new Error(`${name} has one column, "${header[0]}": say --delimiter "${likely}".`);
}

/** The parser says how many records were whole; the rows it had not handed over are gone. */
async function sentenceOf({ code, records }: CsvError, file: CsvFile): Promise<Error> {
  let line = 1;
  if (Number(records) > 0) {
    for await (const row of recordsOf(file, { to: Number(records) })) {
      line = row.line + linesOf(row.cells);
    }
  }
  const name = basename(file.path);
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLong(name, line);
  const why =
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote that opens in this row is never closed'
      : 'a quote stands within a cell; put the whole cell in quotes and double those in it';
  return new Error(`${name}, line ${line}: ${why}.`);
}
