import * as z from 'zod/mini';
import { boundsOf, eventSourceOf } from '../access/viewer.ts';
import { batch, chosenId, type Preparing } from '../batches/batch.ts';
import { type Caller, endpoint } from '../http/endpoint.ts';
import { externalId, id, moment } from '../http/fields.ts';
import { Problem } from '../http/problem.ts';
import { idOfRequest } from '../http/request-key.ts';
import { queuedForm, storeOrQueue } from '../queue/store-or-queue.ts';
import { lead } from './answers.ts';
import {
  details,
  noSkillSource,
  oneAgent,
  qualificationReason,
  reasonNeedsScore,
} from './details.ts';
import { eventSource, qualityScore, source } from './fields.ts';
import { knownLeadId, leadItem } from './lead-item.ts';
import { refuseImpossibleLead } from './limits.ts';

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
  creates: true,
  intake: true,
  body,
  answers: {
    200: { description: 'This lead was here already; nothing changed', schema: lead },
    201: { description: 'Stored', schema: lead },
    202: queuedForm,
  },
  async run({ body, caller, now, requestKey }) {
    const id = leadId(body, idOfRequest(requestKey));
    const { item, fresh } = prepared(body, { caller, id, now });
    return storeOrQueue(
      'leads',
      { ...item, ...requestKey },
      { now, fresh: fresh && !requestKey, location: (id) => `/v1/leads/${id}` },
    );
  },
});

/** `POST /v1/leads/batch`: takes in up to 1,000 leads. */
export const takeLeads = batch({
  kind: 'leads',
  item: z
    .strictObject({ ...fields, id: z.optional(id) })
    .check(oneAgent, reasonNeedsScore, noSkillSource),
  prepare: (given, { caller, id, now }) =>
    prepared(given, { caller, id: chosenId(given.id, caller) ?? leadId(given, id), now }),
});

/** The id is chosen before the write, so that a replay, however late, names the same lead. */
function leadId({ source, external_id }: Given, otherwise: string): string {
  return external_id ? knownLeadId(source, external_id) : otherwise;
}

function prepared(given: Given & { id?: string | undefined }, { caller, id, now }: Preparing) {
  refuseOtherSources(caller, given.source);
  const event_source = given.event_source ?? eventSourceOf(caller);
  const item = leadItem({ ...given, event_source }, { id, bounds: boundsOf(caller) });
  refuseImpossibleLead(item, now);
  return { item, fresh: given.id === undefined && !given.external_id };
}

function refuseOtherSources(caller: Caller, source: string): void {
  if (caller.source === undefined || caller.source === source) return;
  throw new Problem(403, `This key takes in leads of the source "${caller.source}" only.`);
}
