import * as z from 'zod/mini';
import voidEventSql from '../../sql/leads/void-event.sql' with { type: 'text' };
import { boundsOf } from '../access/viewer.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { pathWithId } from '../http/fields.ts';
import { Problem } from '../http/problem.ts';
import { event } from './answers.ts';

const words = (length: number) => z.string().check(z.minLength(1), z.maxLength(length));

interface Voided {
  readonly outcome: 'voided' | 'created' | 'missing';
  readonly event: z.infer<typeof event>;
}

/** `POST /v1/events/{id}/void`: takes an event back. The row stays; the lead is derived anew. */
export const voidEvent = endpoint({
  path: pathWithId,
  body: z.strictObject({ by: words(200), reason: words(1000) }),
  answers: { 200: { description: 'Taken back, now or before', schema: event } },
  async run({ path, body, caller, now }) {
    const parameters = { ...path, ...body, ...boundsOf(caller), corrected_by: caller.key_id, now };
    const [row] = await query<Voided>(voidEventSql, parameters);
    if (row?.outcome === 'voided') return { status: 200, body: row.event };
    if (row?.outcome === 'created') {
      const detail =
        'The created event came with the lead and cannot be taken back. A lead that should not ' +
        'count is marked: PATCH it with "is_test": true, or with "duplicate_of".';
      throw new Problem(409, detail);
    }
    throw new Problem(404, 'No event has this id.');
  },
});
