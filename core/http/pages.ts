import * as z from 'zod/mini';
import { problemAt } from './problem.ts';

/** A row of a list's statement: its item and its place, and the total on every row. */
export interface ListRow {
  readonly total: number;
  /**
   * Rows from here on, at most one more than the limit, whether or not they fit into the answer.
   */
  readonly available: number;
  /** Null on the one row that tells the total where nothing is left to show. */
  readonly item: unknown;
  readonly created_at: string | null;
  readonly id: string | null;
}

/** Form of a list's answer. */
export const listOf = (item: z.ZodMiniType) =>
  z.strictObject({ items: z.array(item), next_cursor: z.nullable(z.string()), total: z.int() });

/** `limit` and `cursor`, as every list takes them. */
export const pageParameters = (most: number) => ({
  limit: z._default(wholeNumber(1, most), 50),
  cursor: z.optional(z.string().check(z.maxLength(200))),
});

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
export function pageOf(rows: readonly ListRow[], limit: number) {
  const found = rows.filter((row) => row.item !== null);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = (rows[0]?.available ?? 0) > items.length;
  const next_cursor =
    more && last ? Buffer.from(`${last.created_at} ${last.id}`).toString('base64url') : null;
  return { items: items.map((row) => row.item), next_cursor, total: rows[0]?.total ?? 0 };
}
