import * as z from 'zod/mini';
import { databaseProblem } from '../http/database-problems.ts';
import { type Caller, type Endpoint, endpoint } from '../http/endpoint.ts';
import { yesOrNo } from '../http/pages.ts';
import { type Fault, Problem, problemAt, problemFields } from '../http/problem.ts';
import { idOfRequest } from '../http/request-key.ts';
import {
  type Item,
  type Kind,
  refusalOf,
  replayedHeader,
  type Written,
  writeItems,
} from './write-items.ts';

/** The Data API takes 4 MiB; what stands around the items is small. */
const callLimit = 4 * 1024 * 1024 - 16 * 1024;

const result = z.strictObject({
  index: z.int(),
  status: z.union([z.literal(200), z.literal(201), z.literal(403), z.literal(409), z.literal(422)]),
  id: z.nullable(z.uuid()),
  problem: z.optional(
    z.strictObject({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      errors: z.optional(
        z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })),
      ),
    }),
  ),
});

type Result = z.infer<typeof result>;

/** Who sends an item, when, and the id it has where nothing else names it. */
export interface Preparing {
  readonly caller: Caller;
  readonly id: string;
  readonly now: string;
}

/**
 * An endpoint that writes up to 1,000 items in one call, each as if it came alone: 201 stored, 200
 * already there, or why it was refused, with pointers into the item. `prepare` gives the item's
 * columns as its SQL function takes them, under `id` where nothing else names it, or throws a
 * Problem; `fresh` says that nothing else did, so that one that is there already came with a retry
 * of this very request.
 */
export function batch<Given>(definition: {
  readonly kind: Kind;
  readonly item: z.ZodMiniType<Given>;
  prepare(given: Given, from: Preparing): { item: Item; fresh: boolean };
}): Endpoint {
  return endpoint({
    creates: true,
    intake: definition.kind === 'leads' || definition.kind === 'events',
    item: definition.item,
    query: z.strictObject({ dry_run: z._default(yesOrNo, false) }),
    answers: {
      200: {
        description: 'What became of each item, in their order; with dry_run, what would',
        schema: z.strictObject({ results: z.array(result) }),
      },
    },
    async run({ body, query, caller, now, requestKey }) {
      const refused: Result[] = [];
      const items: (Item & { index: number })[] = [];
      const fresh = new Set<number>();
      for (const [index, read] of body.entries()) {
        try {
          if (read.faults) throw problemAt(422, read.faults);
          const id = idOfRequest(requestKey, index);
          const prepared = definition.prepare(read.value as Given, { caller, id, now });
          if (prepared.fresh && !requestKey) fresh.add(index);
          items.push({ ...prepared.item, ...requestKey, index });
        } catch (error) {
          refused.push(refusal(index, error));
        }
      }
      refuseTooLarge(items);
      const options = { now, rehearse: query.dry_run };
      const rows = items.length > 0 ? await writeItems(definition.kind, items, options) : [];
      refuseAnotherRequest(rows);
      const results = [...refused, ...rows.map((row) => resultOf(row, fresh.has(row.index)))];
      return {
        status: 200,
        headers: rows.some(({ replayed }) => replayed) ? replayedHeader : {},
        body: { results: results.toSorted((a, b) => a.index - b.index) },
      };
    },
  });
}

/** All items of a request share its key. */
function refuseAnotherRequest(rows: readonly Written[]): void {
  const refused = rows.find(({ violated }) => violated === 'idempotency_key_one_request');
  const error = refused && refusalOf(refused);
  if (error) throw error;
}

function resultOf(row: Written, fresh: boolean): Result {
  const refusedBecause = refusalOf(row);
  if (refusedBecause) return refusal(row.index, databaseProblem(refusedBecause));
  return { index: row.index, status: row.inserted || fresh ? 201 : 200, id: row.id };
}

const own = [403, 409, 422] as const;

/** An item's own fault; anything else ends the whole request. */
function refusal(index: number, error: unknown): Result {
  const status = error instanceof Problem ? own.find((known) => known === error.status) : undefined;
  if (!(error instanceof Problem) || status === undefined) throw error;
  return { index, status, id: null, problem: problemFields(error) };
}

/** JSON inside JSON grows; only text full of quotes and backslashes grows this far. */
function refuseTooLarge(items: readonly Item[]): void {
  const text = JSON.stringify(items);
  if (text.length * 2 < callLimit) return;
  if (Buffer.byteLength(JSON.stringify(text)) < callLimit) return;
  throw new Problem(413, 'These items are too large for one call: send fewer at a time.');
}

/** Who may bring back what was exported, under the ids it had. */
export function chosenId(id: string | undefined, caller: Caller): string | undefined {
  if (id === undefined || caller.scopes.includes('admin')) return id;
  const detail = 'Only a key with the scope "admin" may choose an id.';
  const fault: Fault = { pointer: '/id', code: 'not_allowed', detail };
  throw problemAt(403, [fault]);
}
