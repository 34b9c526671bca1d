import type * as z from 'zod/mini';
import oneLead from '../../sql/leads/one-lead.sql' with { type: 'text' };
import { viewerOf } from '../access/viewer.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { pathWithId } from '../http/fields.ts';
import { leadWithEvents } from './answers.ts';
import { unknownLead } from './unknown-lead.ts';

/** `GET /v1/leads/{id}`: the lead and its latest 100 events, newest first. */
export const showLead = endpoint({
  path: pathWithId,
  answers: { 200: { description: 'The lead', schema: leadWithEvents } },
  async run({ path, caller, now }) {
    const parameters = { ...path, ...viewerOf(caller), now };
    const rows = await query<{ item: z.infer<typeof leadWithEvents> }>(oneLead, parameters);
    const [lead, ...events] = rows;
    if (!lead) throw unknownLead();
    return { status: 200, body: { ...lead.item, events: events.map((row) => row.item) } };
  },
});
