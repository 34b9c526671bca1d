import { type Outcome, type Parcel, type Sending, sendAll } from './batches.ts';
import { type CsvFile, type Row, readCsv } from './csv-file.ts';
import { columnOf, isPassedOver, itemOf, type Mapping } from './mapping.ts';
import type { RejectedFile } from './rejected.ts';
import { RowFault } from './row-fault.ts';
import type { Tally } from './summary.ts';
import type { TimeReader } from './times.ts';

/** All an import needs, whatever its rows are. */
export interface ImportJob extends Omit<Sending<unknown>, 'settle'> {
  readonly file: CsvFile;
  readonly columns: number;
  readonly mapping: Mapping;
  readonly times: TimeReader;
  readonly rejected: RejectedFile;
  readonly tally: Tally;
  /** Called with items as they are sent; the first one is shown. */
  readonly onItem: (json: string) => void;
  /** Called as rows settle. */
  readonly onRows: () => void;
}

/**
 * Sends every row as an item. Duplicates go in a second pass over the file, when all others are
 * there, since an original may stand below its duplicate. Throws a sentence where it cannot go on.
 */
export async function importRows(job: ImportJob): Promise<void> {
  const { mapping, rejected, onRows, tally } = job;
  const original = columnOf(mapping, 'duplicate_of');
  const passes = original === undefined ? [undefined] : [false, true];
  const settle: Sending<Row>['settle'] = async (settled) => {
    await rejected.add(
      settled.flatMap(([{ of: row }, outcome]) =>
        typeof outcome === 'string' ? [] : [{ row, reason: outcome.reason }],
      ),
    );
    for (const [, outcome] of settled) count(tally, outcome, 1);
    onRows();
  };
  for (const duplicates of passes) {
    const wanted = ({ cells }: Row) =>
      duplicates === undefined || Boolean(cells[original ?? 0]) === duplicates;
    await sendAll(parcelsOf(job, wanted), { ...job, settle });
  }
}

/** Adds rows of the same outcome. */
export function count(tally: Tally, outcome: Outcome | 'passedOver', rows: number): void {
  tally.read += rows;
  tally[typeof outcome === 'string' ? outcome : 'rejected'] += rows;
}

/** Whether a row is passed over on purpose; never one whose cells may have slipped. */
export function passesOver({ columns, mapping }: ImportJob, { cells }: Row): boolean {
  return cells.length === columns && isPassedOver(mapping, cells);
}

/** The rows below the header. */
export async function* rowsBelowHeader({ file, signal }: ImportJob): AsyncGenerator<Row> {
  let isHeader = true;
  for await (const row of readCsv(file, { signal })) {
    if (!isHeader) yield row;
    isHeader = false;
  }
}

/** What a row says. Throws a RowFault. */
export function readRow({ columns, mapping, times }: ImportJob, { cells }: Row) {
  if (cells.length !== columns) {
    throw new RowFault(`The row has ${cells.length} cells, and the header ${columns}.`);
  }
  return itemOf(mapping, cells, times);
}

async function* parcelsOf(
  job: ImportJob,
  wanted: (row: Row) => boolean,
): AsyncGenerator<Parcel<Row>> {
  for await (const row of rowsBelowHeader(job)) {
    if (!wanted(row)) continue;
    if (passesOver(job, row)) {
      count(job.tally, 'passedOver', 1);
      continue;
    }
    const parcel = parcelOf(job, row);
    if (parcel.json !== undefined) job.onItem(parcel.json);
    yield parcel;
  }
}

function parcelOf(job: ImportJob, row: Row): Parcel<Row> {
  const weight = row.cells.reduce((sum, cell) => sum + cell.length, 0);
  try {
    const item = readRow(job, row);
    const names = job.kind.knownBy.flatMap((field) => (item[field] ? [String(item[field])] : []));
    return { of: row, json: JSON.stringify(item), names, weight };
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    return { of: row, names: [], weight, fault: error.message };
  }
}
