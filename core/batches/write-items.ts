import rehearseItemsSql from '../../sql/batches/rehearse-items.sql' with { type: 'text' };
import writeItemSql from '../../sql/batches/write-item.sql' with { type: 'text' };
import writeItemsSql from '../../sql/batches/write-items.sql' with { type: 'text' };
import { type Patience, query } from '../database/client.ts';
import { DatabaseError } from '../database/errors.ts';
import type { Answer } from '../http/endpoint.ts';

/** What `write_items` writes; each kind has a SQL function of its own. */
export type Kind = 'leads' | 'events' | 'agents' | 'skills' | 'spend';

/** An item ready for SQL: its columns, with the id chosen before the write; spend has none. */
export interface Item {
  readonly id?: string;
  readonly [column: string]: unknown;
}

/** What became of an item: its id, or why the database refused it. */
export interface Written {
  readonly index: number;
  /** False: it was there already. */
  readonly inserted: boolean;
  readonly id: string | null;
  readonly sqlstate: string | null;
  /** The constraint that was broken. */
  readonly violated: string | null;
  /** Its request came before, under the same `Idempotency-Key`. */
  readonly replayed: boolean;
}

/** What became of one item, and what it looks like now. */
export type WrittenItem<T> = Written & { readonly item: T };

/** Writes one item and shows it. One call. Throws DatabaseError where it is refused. */
export async function writeItem<T = unknown>(
  kind: Kind,
  item: Item,
  now: string,
  patience: Patience = 'request',
): Promise<WrittenItem<T>> {
  const parameters = { kind, item: { ...item, index: 0 }, now };
  const [row] = await query<WrittenItem<T>>(writeItemSql, parameters, patience);
  if (!row) throw new Error(`write_items answered nothing about one of the ${kind}`);
  const refusal = refusalOf(row);
  if (refusal) throw refusal;
  return row;
}

/** Writes items, each with its `index`; one that is refused harms no other. One call. */
export async function writeItems(
  kind: Kind,
  items: readonly (Item & { index: number })[],
  { now, rehearse = false }: { now: string; rehearse?: boolean },
): Promise<Written[]> {
  return query<Written>(rehearse ? rehearseItemsSql : writeItemsSql, { kind, items, now });
}

/** How what was written is answered: 201 where it is new, else 200. */
export function answerOf<T>(
  { item, replayed }: WrittenItem<T>,
  { isNew, location }: { isNew: boolean; location: string },
): Answer {
  return {
    status: isNew && !replayed ? 201 : 200,
    headers: { location, ...(replayed && replayedHeader) },
    body: item,
  };
}

/** Of an answer to a request that came before. */
export const replayedHeader = { 'idempotency-replayed': 'true' };

/** Why the database refused an item; undefined where it did not. */
export function refusalOf({ sqlstate, violated }: Written): DatabaseError | undefined {
  if (sqlstate === null) return undefined;
  const broken = violated === null ? 'refused' : `violates constraint "${violated}"`;
  return new DatabaseError('refused', `${broken}; SQLState: ${sqlstate}`, undefined);
}
