import { expect } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import type { Report } from '../../core/reports/report.ts';
import type { Row } from '../oracle/types.ts';
import type { startTestMachine } from './machine.ts';
import { type Asked, closed, openingOf, queryOf } from './openings.ts';

type Api = Pick<Awaited<ReturnType<typeof startTestMachine>>, 'get'>;

/** A report's shapes: the default one, and each other value of each of its own parameters. */
export function shapesOf({ choices, takes }: Report): Asked['shape'][] {
  const others = Object.entries(choices as Record<string, readonly string[]>).flatMap(
    ([name, values]) => values.slice(1).map((value) => ({ [name]: value })),
  );
  return [{}, ...others, ...(takes.includes('basis') ? [{ basis: 'converted' }] : [])];
}

/** The columns of a report that count: those that open, those that cannot, and the rest. */
export function countsOf({ name, columns }: Report) {
  const counts = columns.filter(({ kind }) => kind === 'count').map((column) => column.name);
  const isClosed = (column: string) => closed[`${name} ${column}`] !== undefined;
  const opens = (column: string) => !isClosed(column) && openingOf(name, column) !== undefined;
  return {
    open: counts.filter(opens),
    closed: counts.filter(isClosed),
    forgotten: counts.filter((column) => !opens(column) && !isClosed(column)),
  };
}

/**
 * Opens the counts of a report's rows by GET /v1/leads: a line for each that the list does not
 * agree with. All of them with DRILL_DOWN=all in the environment, else so many of `each` column,
 * always the same.
 */
export async function disagreements(
  api: Api,
  name: string,
  asked: Asked & { rows: readonly Row[]; each: number },
): Promise<string[]> {
  const report = reports.find((one) => one.name === name);
  if (!report) throw new Error(`There is no report ${name}.`);
  const cells = countsOf(report).open.flatMap((column, place) => {
    const rows = asked.rows.filter((row) => row[column] !== null);
    return sampleOf(rows, asked.each, place).map((row) => ({ column, row, count: row[column] }));
  });
  const found: string[] = [];
  // Many columns count the same leads: each list is asked for once.
  const listed = new Map<string, Promise<number>>([['nobody', Promise.resolve(0)]]);
  const lane = async () => {
    for (let cell = cells.shift(); cell; cell = cells.shift()) {
      const query = queryOf(report, cell.column, cell.row, asked);
      if (query === undefined) continue;
      const total = listed.get(query) ?? totalOf(api, query);
      listed.set(query, total);
      if ((await total) === cell.count) continue;
      found.push(`${name} ${cell.column} is ${cell.count}, listed are ${await total}: ${query}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  return found;
}

/** So many rows, other ones for each place; 7919 is a prime. */
function sampleOf(rows: readonly Row[], most: number, place: number): Row[] {
  if (process.env.DRILL_DOWN === 'all' || rows.length <= most) return [...rows];
  return Array.from(
    { length: most },
    (_, index) => rows[(7919 * (place * most + index)) % rows.length] as Row,
  );
}

async function totalOf(api: Api, query: string): Promise<number> {
  const answer = await api.get(`/v1/leads?limit=1&${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.total;
}
