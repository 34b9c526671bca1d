import * as z from 'zod/mini';
import { csvHeaders, toCsv } from './csv.ts';
import type { Answer, AnswerForm } from './endpoint.ts';
import { problemAt } from './problem.ts';

/** A row of a list's statement: its item and its place, and the total on every row. */
export interface ListRow {
  /** Null where this page need not count. */
  readonly total: number | null;
  /**
   * Rows from here on, at most one more than the limit, whether or not they fit into the answer.
   */
  readonly available: number;
  /** Null on the one row that tells the total where nothing is left to show. */
  readonly item: Readonly<Record<string, unknown>> | null;
  readonly created_at: string | null;
  readonly id: string | null;
}

/** A list: what it is of, the form of an item, and how many a page of JSON has at most. */
export interface List {
  /** Of the file, where it is CSV. */
  readonly name: string;
  readonly item: z.ZodMiniObject;
  /** Of a row of CSV, where it shows more than an item. */
  readonly row?: z.ZodMiniObject;
  readonly most: number;
}

/** The answer of a list: a page as JSON, or as CSV with `format=csv`. */
export const pageForm = ({ item }: List): Record<number, AnswerForm> => ({
  200: {
    description:
      'A page, and the total as it was on the first one; as CSV, x-next-cursor tells the next one',
    schema: z.strictObject({
      items: z.array(item),
      next_cursor: z.nullable(z.string()),
      total: z.int(),
    }),
    csv: true,
  },
});

const mostAsCsv = 1000;

/** What a list takes: its filters, and which page of it in which form. */
export function listQuery<Filters extends z.core.$ZodShape>({ most }: List, filters: Filters) {
  return z
    .strictObject({
      ...filters,
      limit: z._default(wholeNumber(1, mostAsCsv), 50),
      cursor: z.optional(z.string().check(z.maxLength(200))),
      format: z._default(z.enum(['json', 'csv']), 'json'),
    })
    .check(
      z.refine((given) => (given as Paging).format === 'csv' || (given as Paging).limit <= most, {
        path: ['limit'],
        message: `may be at most ${most}, and ${mostAsCsv} with format=csv`,
      }),
    );
}

interface Paging {
  readonly limit: number;
  readonly format: 'json' | 'csv';
  readonly cursor?: string | undefined;
}

/** A whole number in a query string; OpenAPI calls it a number, and says from where to where. */
const wholeNumber = (least: number, most: number) =>
  z.pipe(
    z
      .string()
      .check(z.regex(/^\d{1,9}$/))
      .register(z.globalRegistry, {
        type: 'integer',
        pattern: undefined,
        minimum: least,
        maximum: most,
      }),
    z.pipe(z.transform(Number), z.int().check(z.minimum(least), z.maximum(most))),
  );

/** `true` or `false` in a query string. */
export const yesOrNo = z.pipe(
  z.enum(['true', 'false']),
  z.transform((text) => text === 'true'),
);

/** Where the page before ended, and the total where it was counted. */
const cursorParts = z.tuple([
  z.iso.datetime({ precision: 6 }),
  z.guid(),
  z.optional(wholeNumber(0, 999_999_999)),
]);

/** Where a page begins, as the statements take it. Throws a Problem on what we never gave out. */
export function startOf(cursor: string | undefined) {
  const [cursor_at, cursor_id] = partsOf(cursor);
  return { cursor_at, cursor_id };
}

/**
 * Whether a page has to count the total: the first one of JSON, whose cursor carries it on. Pages
 * that all count would make a walk through a list quadratic. An agent's few are counted anew, for
 * the cursor may be somebody's who sees more.
 */
export function isCounted(
  { cursor, format }: Paging,
  viewer: { viewer_agent_id: string | null } = { viewer_agent_id: null },
): boolean {
  if (format !== 'json') return false;
  return viewer.viewer_agent_id !== null || partsOf(cursor)[2] === undefined;
}

function partsOf(cursor: string | undefined) {
  if (cursor === undefined) return [null, null, undefined] as const;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const parts = cursorParts.safeParse(text.split(' '));
  if (parts.success) return parts.data;
  const detail = 'This cursor is none that was given out.';
  throw problemAt(400, [{ pointer: '/query/cursor', code: 'unknown_cursor', detail }]);
}

/** The page that these rows make; what did not fit makes another one. */
export function pageOf(list: List, rows: readonly ListRow[], paging: Paging): Answer {
  const { limit, format, cursor } = paging;
  const found = rows.filter((row) => row.item !== null).slice(0, limit);
  const items = found.map((row) => row.item ?? {});
  const last = found.at(-1);
  const more = (rows[0]?.available ?? 0) > items.length;
  const total = rows[0]?.total ?? partsOf(cursor)[2];
  const next_cursor = more && last ? cursorOf([last.created_at, last.id, total]) : null;
  if (format === 'json') {
    return { status: 200, body: { items, next_cursor, total: total ?? 0 } };
  }
  const { shape } = list.row ?? list.item;
  const columns = Object.keys(shape).map((name) => ({ name, kind: 'text' }));
  return {
    status: 200,
    headers: {
      ...csvHeaders(list.name),
      ...(next_cursor !== null && { 'x-next-cursor': next_cursor }),
    },
    body: toCsv(columns, items),
    shown: items,
  };
}

function cursorOf(parts: readonly unknown[]): string {
  const known = parts.filter((part) => part !== undefined);
  return Buffer.from(known.join(' ')).toString('base64url');
}
