import { v5, v7 } from 'uuid';
import * as z from 'zod/mini';
import takeLeads from '../../sql/leads/take-leads.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { type Caller, endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/problem.ts';
import { settings } from '../settings.ts';
import { lead } from './answers.ts';
import { normaliseEmail, normalisePhone } from './contact.ts';
import {
  eventSource,
  externalId,
  id,
  jsonObject,
  moment,
  money,
  qualityScore,
  shortText,
  source,
} from './fields.ts';

const name = z.optional(z.nullable(shortText(200)));
const address = z.optional(z.nullable(shortText(500)));

/** What a person or a form can say of a lead; PATCH takes the same. */
export const details = {
  first_name: name,
  last_name: name,
  email: z.optional(z.nullable(shortText(320))),
  phone: z.optional(z.nullable(shortText(50))),
  property_address: address,
  property_city: name,
  property_state: name,
  property_zip: z.optional(z.nullable(shortText(20))),
  estimated_value: z.optional(z.nullable(money)),
  mortgage_balance: z.optional(z.nullable(money)),
  utm_source: name,
  utm_medium: name,
  utm_campaign: name,
  referrer_url: z.optional(z.nullable(shortText(2000))),
  raw_data: z.optional(z.nullable(jsonObject)),
  notes: z.optional(z.nullable(z.string())),
  is_test: z.optional(z.boolean()),
  duplicate_of: z.optional(z.nullable(id)),
};

const body = z
  .strictObject({
    source,
    external_id: z.optional(z.nullable(externalId)),
    created_at: z.optional(moment),
    ...details,
    agent_id: z.optional(z.nullable(id)),
    agent_external_id: z.optional(z.nullable(externalId)),
    quality_score: z.optional(z.nullable(qualityScore)),
    qualification_reason: z.optional(z.nullable(jsonObject)),
    event_source: z.optional(eventSource),
  })
  .check(
    z.refine((given) => !(given.agent_id && given.agent_external_id), {
      path: ['agent_external_id'],
      message: 'cannot be given together with "agent_id"',
    }),
    z.refine((given) => !given.qualification_reason || given.quality_score, {
      path: ['qualification_reason'],
      message: 'needs a "quality_score"',
    }),
  );

/** `POST /v1/leads`: takes in a lead. The same (source, external_id) again is the first one. */
export const takeLead = endpoint({
  body,
  answers: {
    200: { description: 'This lead was here already; nothing changed', schema: lead },
    201: { description: 'Stored', schema: lead },
  },
  async run({ body, caller, now }) {
    refuseOtherSources(caller, body.source);
    const item = { ...prepared(body), index: 0, id: leadId(body) };
    const [row] = await query<{ inserted: boolean; lead: z.infer<typeof lead> }>(takeLeads, {
      items: [item],
      now,
    });
    if (!row) throw new Error('take_leads answered without the lead');
    return {
      status: row.inserted ? 201 : 200,
      headers: { location: `/v1/leads/${row.lead.id}` },
      body: row.lead,
    };
  },
});

/** Namespace of ids made from (source, external_id). Never changes: replays depend on it. */
const leadNamespace = '5f1c2c1e-6d8e-5a8b-9c55-0b8f6f5b8a11';

/** The id is chosen before the write, so that a replay, however late, names the same lead. */
function leadId(given: z.infer<typeof body>): string {
  return given.external_id
    ? v5(JSON.stringify([given.source, given.external_id]), leadNamespace)
    : v7();
}

function prepared(given: z.infer<typeof body>) {
  return {
    ...given,
    event_source: given.event_source ?? 'automation',
    email_normalised: normaliseEmail(given.email),
    phone_normalised: normalisePhone(given.phone, settings().DEFAULT_COUNTRY),
  };
}

function refuseOtherSources(caller: Caller, source: string): void {
  if (caller.source === undefined || caller.source === source) return;
  throw new Problem(403, `This key takes in leads of the source "${caller.source}" only.`);
}
