import * as z from 'zod/mini';
import eraseLeadSql from '../../sql/people/erase-lead.sql' with { type: 'text' };
import erasePersonSql from '../../sql/people/erase-person.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { pathWithId } from '../http/fields.ts';
import { Problem } from '../http/problem.ts';
import { lead } from '../leads/answers.ts';
import {
  matchedBy,
  mostLeads,
  reference,
  refuseMany,
  someoneIsMeant,
  whoIsMeant,
} from './person.ts';

/** `POST /v1/leads/{id}/erase`: empties what tells of the lead's person; the counts stay. */
export const eraseLead = endpoint({
  path: pathWithId,
  body: z.strictObject({ reference }),
  answers: { 200: { description: 'What is left, erased now or before', schema: lead } },
  async run({ path, body, caller, now }) {
    const parameters = { ...path, reference: body.reference, caller: caller.key_id, now };
    const [row] = await query<{ lead: z.infer<typeof lead> | null }>(eraseLeadSql, parameters);
    if (!row?.lead) throw new Problem(404, 'No lead has this id.');
    return { status: 200, body: row.lead };
  },
});

/** `POST /v1/people/erase`: erases all leads with an e-mail address or a phone number. */
export const erasePerson = endpoint({
  body: z.strictObject({ ...whoIsMeant, reference }).check(someoneIsMeant),
  answers: {
    200: {
      description: 'The leads that were erased just now; none where nobody is left',
      schema: z.strictObject({ lead_ids: z.array(z.uuid()) }),
    },
  },
  async run({ body, caller, now }) {
    const [row] = await query<{ found: number; lead_ids: string[] }>(erasePersonSql, {
      ...matchedBy(body),
      most: mostLeads,
      reference: body.reference,
      caller: caller.key_id,
      now,
    });
    refuseMany(row?.found ?? 0);
    return { status: 200, body: { lead_ids: row?.lead_ids ?? [] } };
  },
});
