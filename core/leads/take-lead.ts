import { v5, v7 } from 'uuid';
import * as z from 'zod/mini';
import { batch, chosenId } from '../batches/batch.ts';
import { writeItem } from '../batches/write-items.ts';
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

const fields = {
  source,
  external_id: z.optional(z.nullable(externalId)),
  created_at: z.optional(moment),
  ...details,
  agent_id: z.optional(z.nullable(id)),
  agent_external_id: z.optional(z.nullable(externalId)),
  quality_score: z.optional(z.nullable(qualityScore)),
  qualification_reason: qualificationReason,
  event_source: z.optional(eventSource),
};
const body = z.strictObject(fields).check(oneAgent, reasonNeedsScore, noSkillSource);

type Given = z.infer<typeof body>;

/** `POST /v1/leads`: takes in a lead. The same (source, external_id) again is the first one. */
export const takeLead = endpoint({
  body,
  answers: {
    200: { description: 'This lead was here already; nothing changed', schema: lead },
    201: { description: 'Stored', schema: lead },
  },
  async run({ body, caller, now }) {
    const { item, fresh } = prepared(body, leadId(body), caller);
    const row = await writeItem<z.infer<typeof lead>>('leads', item, now);
    return {
      status: row.inserted || fresh ? 201 : 200,
      headers: { location: `/v1/leads/${row.id}` },
      body: row.item,
    };
  },
});

/** `POST /v1/leads/batch`: takes in up to 1,000 leads. */
export const takeLeads = batch({
  kind: 'leads',
  item: z
    .strictObject({ ...fields, id: z.optional(id) })
    .check(oneAgent, reasonNeedsScore, noSkillSource),
  prepare: (given, caller) => prepared(given, chosenId(given.id, caller) ?? leadId(given), caller),
});

/** Namespace of ids made from (source, external_id). Never changes: replays depend on it. */
const leadNamespace = '5f1c2c1e-6d8e-5a8b-9c55-0b8f6f5b8a11';

/** The id is chosen before the write, so that a replay, however late, names the same lead. */
function leadId(given: Given): string {
  return given.external_id
    ? v5(JSON.stringify([given.source, given.external_id]), leadNamespace)
    : v7();
}

function prepared(given: Given & { id?: string | undefined }, id: string, caller: Caller) {
  refuseOtherSources(caller, given.source);
  const item = {
    ...given,
    id,
    event_source: given.event_source ?? 'automation',
    email_normalised: normaliseEmail(given.email),
    phone_normalised: normalisePhone(given.phone, settings().DEFAULT_COUNTRY),
    only_source: caller.source,
  };
  return { item, fresh: given.id === undefined && !given.external_id };
}

function refuseOtherSources(caller: Caller, source: string): void {
  if (caller.source === undefined || caller.source === source) return;
  throw new Problem(403, `This key takes in leads of the source "${caller.source}" only.`);
}
