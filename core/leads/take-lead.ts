import { v5, v7 } from 'uuid';
import * as z from 'zod/mini';
import takeLeads from '../../sql/leads/take-leads.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { type Caller, endpoint } from '../http/endpoint.ts';
import { externalId, id, moment } from '../http/fields.ts';
import { Problem } from '../http/problem.ts';
import { settings } from '../settings.ts';
import { lead } from './answers.ts';
import { normaliseEmail, normalisePhone } from './contact.ts';
import {
  details,
  noSkillSource,
  oneAgent,
  qualificationReason,
  reasonNeedsScore,
} from './details.ts';
import { eventSource, qualityScore, source } from './fields.ts';

const body = z
  .strictObject({
    source,
    external_id: z.optional(z.nullable(externalId)),
    created_at: z.optional(moment),
    ...details,
    agent_id: z.optional(z.nullable(id)),
    agent_external_id: z.optional(z.nullable(externalId)),
    quality_score: z.optional(z.nullable(qualityScore)),
    qualification_reason: qualificationReason,
    event_source: z.optional(eventSource),
  })
  .check(oneAgent, reasonNeedsScore, noSkillSource);

/** `POST /v1/leads`: takes in a lead. The same (source, external_id) again is the first one. */
export const takeLead = endpoint({
  body,
  answers: {
    200: { description: 'This lead was here already; nothing changed', schema: lead },
    201: { description: 'Stored', schema: lead },
  },
  async run({ body, caller, now }) {
    refuseOtherSources(caller, body.source);
    const item = { ...prepared(body), index: 0, id: leadId(body), only_source: caller.source };
    const [row] = await query<{ inserted: boolean; lead: z.infer<typeof lead> }>(takeLeads, {
      items: [item],
      now,
    });
    if (!row) throw new Error('take_leads answered without the lead');
    // An id of our own choosing that is there already came with a retry of this very request.
    const isNew = row.inserted || !body.external_id;
    return {
      status: isNew ? 201 : 200,
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
