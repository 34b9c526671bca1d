import { normaliseSource } from '../core/leads/fields.ts';
import { type Outcome, type Parcel, sendAll } from './batches.ts';
import { emptyText, type Row } from './csv-file.ts';
import { count, type ImportJob, passesOver, readRow, rowsBelowHeader } from './import-rows.ts';
import { RowFault } from './row-fault.ts';

/** What one source cost on one day, by all rows that speak of it. */
interface Bill {
  readonly source: string;
  readonly day: string;
  cents: bigint;
  outcome?: Outcome;
}

/** As many as a hundred sources have in five years. */
const mostBills = 200_000;
const longestDays = 366;
const dayMs = 86_400_000;

/**
 * Imports what sources cost. To set a day's spend again is to replace it: so rows of one source and
 * day are added up first, to the cent, and where one of them cannot be read none is stored, lest
 * that one, put right, replace the others; nor any of its source, where its day cannot be read.
 * Throws a sentence where it cannot go on.
 */
export async function importSpend(job: ImportJob): Promise<void> {
  const bills = await addUp(job);
  await sendAll(parcelsOf(job, bills), {
    ...job,
    async settle(settled) {
      for (const [{ of: bill }, outcome] of settled) bill.outcome = outcome;
    },
  });
  for await (const row of rowsBelowHeader(job)) {
    const outcome = passesOver(job, row) ? 'passedOver' : outcomeOf(read(job, row), bills);
    await job.rejected.add(typeof outcome === 'object' ? [{ row, ...outcome }] : []);
    count(job.tally, outcome, 1);
    job.onRows();
  }
}

type Bills = ReadonlyMap<string, Bill>;

async function addUp(job: ImportJob): Promise<Bills> {
  const bills = new Map<string, Bill>();
  const spoiled = new Map<string | undefined, Outcome>();
  for await (const row of rowsBelowHeader(job)) {
    if (passesOver(job, row)) continue;
    const { fault, shares } = read(job, row);
    const reason = `Line ${row.line} cannot be read, and may be of the same source and day.`;
    if (fault !== undefined && shares.length === 0) spoiled.set(sourceOf(job, row), { reason });
    for (const share of shares) {
      const bill = bills.get(keyOf(share)) ?? { ...share, cents: 0n };
      bill.cents += share.cents;
      if (fault !== undefined) bill.outcome ??= { reason };
      bills.set(keyOf(bill), bill);
    }
    if (bills.size > mostBills) {
      throw new Error(`There are more than ${mostBills} days of sources: import year by year.`);
    }
  }
  for (const bill of bills.values()) {
    bill.outcome ??= spoiled.get(bill.source) ?? spoiled.get(undefined);
  }
  return bills;
}

/** The source of a row that cannot be read; undefined where its cells may have slipped. */
function sourceOf({ columns, mapping }: ImportJob, { cells }: Row): string | undefined {
  if (cells.length !== columns) return undefined;
  const from = mapping.sources.find(({ name }) => name === 'source')?.from ?? -1;
  const source = typeof from === 'object' ? from.constant : cells[from];
  return normaliseSource(source === emptyText ? '' : (source ?? ''));
}

async function* parcelsOf({ onItem }: ImportJob, bills: Bills): AsyncGenerator<Parcel<Bill>> {
  for (const bill of bills.values()) {
    if (bill.outcome) continue;
    const { source, day, cents } = bill;
    const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
    const json = JSON.stringify({ source, day, amount });
    onItem(json);
    yield { of: bill, json, names: [], weight: 0 };
  }
}

/** A row fares as the worst of its days. */
function outcomeOf({ fault, shares }: Reading, bills: Bills): Outcome {
  if (fault !== undefined) return { reason: fault };
  const outcomes = shares.map((share) => bills.get(keyOf(share))?.outcome ?? 'present');
  const refused = outcomes.find((outcome) => typeof outcome === 'object');
  return refused ?? (outcomes.includes('stored') ? 'stored' : 'present');
}

const keyOf = ({ source, day }: Bill) => `${day} ${source}`;

/** What a row adds to each of its days; with a fault nothing, to those it has as far as we know. */
interface Reading {
  readonly shares: readonly Bill[];
  readonly fault?: string;
}

function read(job: ImportJob, row: Row): Reading {
  let shares: Bill[] = [];
  try {
    const { source, day, from, to, amount } = readRow(job, row);
    const name = normaliseSource(String(source));
    shares = daysOf({ day, from, to }).map((day) => ({ source: name, day, cents: 0n }));
    const parts = evenly(centsOf(String(amount)), shares.length);
    return { shares: shares.map((share, at) => ({ ...share, cents: parts[at] ?? 0n })) };
  } catch (error) {
    if (error instanceof RowFault) return { shares, fault: error.message };
    throw error;
  }
}

/** As the API does it: in parts that add up, the first ones a cent more. */
function evenly(cents: bigint, days: number): bigint[] {
  const more = cents % BigInt(days);
  return Array.from({ length: days }, (_, day) => cents / BigInt(days) + (day < more ? 1n : 0n));
}

function centsOf(amount: string): bigint {
  const [, units, decimals = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
  if (units !== undefined) return BigInt(units + decimals.padEnd(2, '0'));
  throw new RowFault('"amount" must be an amount of at least 0, such as 12500.00.');
}

function daysOf({ day, from, to }: Record<'day' | 'from' | 'to', unknown>): string[] {
  if (typeof day === 'string' && from === undefined && to === undefined) return [day];
  if (day !== undefined || typeof from !== 'string' || typeof to !== 'string') {
    throw new RowFault('A row needs either "day", or "from" and "to".');
  }
  const length = (Date.parse(to) - Date.parse(from)) / dayMs;
  if (length < 1) throw new RowFault('"to", the day after the last one, must be after "from".');
  if (length > longestDays) throw new RowFault('A bill has at most 366 days.');
  // Dates alone have no clock to change: in UTC every day is 24 hours.
  return Array.from({ length }, (_, at) =>
    new Date(Date.parse(from) + at * dayMs).toISOString().slice(0, 10),
  );
}
