import * as z from 'zod/mini';
import { csvHeaders, toCsv } from './csv.ts';
import type { Answer, AnswerForm } from './endpoint.ts';
import { problemAt } from './problem.ts';

/** A row of a list's statement: its item and its place, and the total on every row. */
export interface ListRow {
  /** Null where a page of CSV need not count. */
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
export interface List<Item extends z.ZodMiniObject = z.ZodMiniObject> {
  /** Of the file, where it is CSV. */
  readonly name: string;
  readonly item: Item;
  readonly most: number;
}

/** The answer of a list: a page as JSON, or as CSV with `format=csv`. */
export const pageForm = ({ item }: List): Record<number, AnswerForm> => ({
  200: {
    description: 'A page; as CSV, x-next-cursor says where the next one begins',
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
}

/** A whole number in a query string. */
const wholeNumber = (least: number, most: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,9}$/)),
    z.pipe(z.transform(Number), z.int().check(z.minimum(least), z.maximum(most))),
  );

/** `true` or `false` in a query string. */
export const yesOrNo = z.pipe(
  z.enum(['true', 'false']),
  z.transform((text) => text === 'true'),
);

const cursorParts = z.tuple([z.iso.datetime({ precision: 6 }), z.guid()]);

/** Where a page begins, as the statements take it. Throws a Problem on what we never gave out. */
export function startOf(cursor: string | undefined) {
  if (cursor === undefined) return { cursor_at: null, cursor_id: null };
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const parts = cursorParts.safeParse(text.split(' '));
  if (parts.success) return { cursor_at: parts.data[0], cursor_id: parts.data[1] };
  const detail = 'This cursor is none that was given out.';
  throw problemAt(400, [{ pointer: '/query/cursor', code: 'unknown_cursor', detail }]);
}

/** The page that these rows make; what did not fit makes another one. */
export function pageOf(list: List, rows: readonly ListRow[], { limit, format }: Paging): Answer {
  const found = rows.filter((row) => row.item !== null).slice(0, limit);
  const items = found.map((row) => row.item ?? {});
  const last = found.at(-1);
  const more = (rows[0]?.available ?? 0) > items.length;
  const next_cursor =
    more && last ? Buffer.from(`${last.created_at} ${last.id}`).toString('base64url') : null;
  if (format === 'json') {
    return { status: 200, body: { items, next_cursor, total: rows[0]?.total ?? 0 } };
  }
  const columns = Object.keys(list.item.shape).map((name) => ({ name, kind: 'text' }));
  return {
    status: 200,
    headers: {
      ...csvHeaders(list.name),
      ...(next_cursor !== null && { 'x-next-cursor': next_cursor }),
    },
    body: toCsv(columns, items),
  };
}
