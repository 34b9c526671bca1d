import * as z from 'zod/mini';
import exportPersonSql from '../../sql/people/export-person.sql' with { type: 'text' };
import { correction } from '../corrections/list-corrections.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { problemAt } from '../http/problem.ts';
import { event, lead } from '../leads/answers.ts';
import {
  matchedBy,
  mostLeads,
  reference,
  refuseMany,
  someoneIsMeant,
  whoIsMeant,
} from './person.ts';

const assignment = z.strictObject({
  id: z.uuid(),
  lead_id: z.uuid(),
  experiment: z.string(),
  group_name: z.string(),
  assigned_at: z.iso.datetime({ precision: 6 }),
});

/** The lists of a file, in the order in which they come. */
const lists = ['leads', 'events', 'corrections', 'experiments'] as const;

const file = z.strictObject({
  version: z.literal(1),
  generated_at: z.iso.datetime(),
  leads: z.array(lead),
  events: z.array(event),
  corrections: z.array(correction),
  experiments: z.array(assignment),
  next_cursor: z.nullable(z.string()),
});

interface Held {
  readonly found: number;
  /** From here on, at most one more than a file takes, whether or not they fit. */
  readonly available: number;
  /** Which of the lists, from 1; null on the one row that tells that nothing is left. */
  readonly place: number | null;
  readonly created_at: string | null;
  readonly id: string | null;
  readonly item: unknown;
}

/**
 * `POST /v1/people/export`: everything held about a person, as a file. POST, so that the address
 * stands in no log. What one answer cannot carry, up to 1,000 items of 900 KB, follows with its
 * `next_cursor`.
 */
export const exportPerson = endpoint({
  body: z
    .strictObject({
      ...whoIsMeant,
      reference,
      cursor: z.optional(z.string().check(z.maxLength(200))),
    })
    .check(someoneIsMeant),
  answers: { 200: { description: 'The file, or a part of it', schema: file } },
  async run({ body, caller, now }) {
    const rows = await query<Held>(exportPersonSql, {
      ...matchedBy(body),
      ...startOf(body.cursor),
      most: mostLeads,
      reference: body.reference,
      caller: caller.key_id,
      now,
    });
    refuseMany(rows[0]?.found ?? 0);
    return {
      status: 200,
      headers: {
        'cache-control': 'no-store',
        'content-disposition': 'attachment; filename="person.json"',
      },
      body: { version: 1, generated_at: now, ...fileOf(rows) },
    };
  },
});

function fileOf(rows: readonly Held[]) {
  const items = rows.filter((row) => row.place !== null);
  const ofList = lists.map((name, index) => [
    name,
    items.filter((row) => row.place === index + 1).map((row) => row.item),
  ]);
  const last = items.at(-1);
  const more = (rows[0]?.available ?? 0) > items.length;
  const parts = [last?.place, last?.created_at, last?.id];
  const next_cursor = more ? Buffer.from(parts.join(' ')).toString('base64url') : null;
  return { ...Object.fromEntries(ofList), next_cursor };
}

const cursorParts = z.tuple([
  z.pipe(z.enum(['1', '2', '3', '4']), z.transform(Number)),
  z.iso.datetime({ precision: 6 }),
  z.guid(),
]);

function startOf(cursor: string | undefined) {
  if (cursor === undefined) return { cursor_place: null, cursor_at: null, cursor_id: null };
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const parts = cursorParts.safeParse(text.split(' '));
  const detail = 'This cursor is none that was given out.';
  if (!parts.success)
    throw problemAt(422, [{ pointer: '/cursor', code: 'unknown_cursor', detail }]);
  const [cursor_place, cursor_at, cursor_id] = parts.data;
  return { cursor_place, cursor_at, cursor_id };
}
