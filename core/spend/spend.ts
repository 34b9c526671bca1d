import * as z from 'zod/mini';
import listSpendSql from '../../sql/spend/list-spend.sql' with { type: 'text' };
import { viewerOf } from '../access/viewer.ts';
import { batch } from '../batches/batch.ts';
import { type Item, writeItem } from '../batches/write-items.ts';
import { query } from '../database/client.ts';
import { type Caller, endpoint } from '../http/endpoint.ts';
import { day, money } from '../http/fields.ts';
import { isCounted, type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { source } from '../leads/fields.ts';
import { windowChecks } from '../reports/parameters.ts';

const amount = z.string().check(z.regex(/^\d+\.\d{2}$/));

const dayOfSource = z.strictObject({
  id: z.uuid(),
  source: z.string(),
  day: z.iso.date(),
  amount,
  recorded_at: z.iso.datetime({ precision: 6 }),
});

const bill = z
  .strictObject({
    source,
    from: z.optional(day),
    to: z.optional(day),
    day: z.optional(day),
    amount: money,
  })
  .check(
    z.refine(({ from, to, day }) => (day ? !from && !to : from && to), {
      path: ['from'],
      message: 'and "to" must say which days, or "day" alone which one',
    }),
  );

type Bill = z.infer<typeof bill>;

const standing = z.strictObject({
  source: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  amount,
  days: z.int(),
  changed: z.boolean(),
});

/** `PUT /v1/spend`: sets what a source cost in all on these days, instead of what stood there. */
export const setSpend = endpoint({
  body: bill,
  answers: {
    200: {
      description: 'What stands for these days now, and whether it was something else before',
      schema: standing,
    },
  },
  async run({ body, caller, now }) {
    const row = await writeItem<object>('spend', itemOf(body, caller), now);
    return { status: 200, body: { ...row.item, changed: row.inserted } };
  },
});

/** `PUT /v1/spend/batch`: up to 1,000 of them; where two meet on a day, the later one stands. */
export const setSpends = batch({
  kind: 'spend',
  item: bill,
  prepare: (given, { caller }) => ({ item: itemOf(given, caller), fresh: false }),
});

const spendList = { name: 'spend', item: dayOfSource, most: 200 };

/** `GET /v1/spend`: what each source cost on each day, newest day first. */
export const listSpend = endpoint({
  query: listQuery(spendList, {
    from: z.optional(day),
    to: z.optional(day),
    source: z.optional(source),
  }).check(...windowChecks),
  answers: pageForm(spendList),
  async run({ query: page, caller }) {
    const viewer = viewerOf(caller);
    if (viewer.viewer_agent_id) throw new Problem(403, 'What sources cost is not for agents.');
    const { cursor, format: _, ...filters } = page;
    const none = { from: null, to: null, source: null };
    const start = { ...startOf(cursor), counted: isCounted(page), ...viewer };
    const rows = await query<ListRow>(listSpendSql, { ...none, ...filters, ...start });
    return pageOf(spendList, rows, page);
  },
});

function itemOf({ source, amount, day, from = day, to }: Bill, caller: Caller): Item {
  return { source, from, to: to ?? dayAfter(String(day)), amount, by: caller.key_id };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
