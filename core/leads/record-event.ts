import { v5 } from 'uuid';
import * as z from 'zod/mini';
import { boundsOf } from '../access/viewer.ts';
import { batch, chosenId, type Preparing } from '../batches/batch.ts';
import { DatabaseError } from '../database/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import {
  externalId,
  id,
  keeps,
  moment,
  money,
  pathWithId,
  shortText,
  storedObject,
} from '../http/fields.ts';
import { idOfRequest } from '../http/request-key.ts';
import { queuedForm, storeOrQueue } from '../queue/store-or-queue.ts';
import { event } from './answers.ts';
import { oneAgent } from './details.ts';
import { eventSource, eventTypes, qualityScore, source } from './fields.ts';
import { refuseFutureEvent } from './limits.ts';
import { unknownLead } from './unknown-lead.ts';

const scoredDetails = z.object({ quality_score: qualityScore });

const fields = {
  event_type: z.pipe(
    z.transform((type: unknown, context) => {
      if (type !== 'created') return type;
      const message = 'is written by intake itself';
      context.issues.push({ code: 'custom', input: type, message });
      return z.NEVER;
    }),
    z.enum(eventTypes.filter((type) => type !== 'created')),
  ),
  created_at: z.optional(moment),
  event_source: eventSource,
  agent_id: z.optional(z.nullable(id)),
  agent_external_id: z.optional(z.nullable(externalId)),
  skill_id: z.optional(z.nullable(id)),
  skill: z.optional(z.nullable(shortText(100))),
  value: z.optional(z.nullable(money)),
  details: z.optional(z.nullable(storedObject(8 * 1024, 'lead_events_details_size'))),
  external_id: z.optional(z.nullable(externalId)),
};

type Given = z.infer<z.ZodMiniObject<typeof fields>>;

const valueOfSales = z.refine<Given>((given) => !given.value || given.event_type === 'closed', {
  path: ['value'],
  message: 'belongs to closed events only',
});
const scoreOfScored = z.refine<Given>(
  ({ event_type, details }) => event_type !== 'scored' || scoredDetails.safeParse(details).success,
  { path: ['details', 'quality_score'], message: 'must be A, B, C or D in a scored event' },
);

const skillAgrees = keeps<Given>(
  'lead_events_skill_agrees',
  ({ event_source, skill, skill_id }) =>
    typeof skill === 'string'
      ? event_source === `skill:${skill}`
      : !skill_id || event_source.startsWith('skill:'),
  ['event_source'],
);

/**
 * `POST /v1/leads/{id}/events`: records what happened. The same external_id again is the first
 * one.
 */
export const recordEvent = endpoint({
  creates: true,
  intake: true,
  path: pathWithId,
  body: z.strictObject(fields).check(oneAgent, valueOfSales, scoreOfScored, skillAgrees),
  answers: {
    200: { description: 'This event was here already; nothing changed', schema: event },
    201: { description: 'Recorded', schema: event },
    202: queuedForm,
  },
  async run({ path, body, caller, now, requestKey }) {
    const given = { ...body, lead_id: path.id };
    const id = eventId(given, idOfRequest(requestKey));
    const { item, fresh } = prepared(given, { caller, id, now });
    return storeOrQueue(
      'events',
      { ...item, ...requestKey },
      { now, fresh: fresh && !requestKey, location: () => `/v1/leads/${path.id}/events` },
    ).catch(unknownPath);
  },
});

/** `POST /v1/events/batch`: records up to 1,000 events of any leads. */
export const recordEvents = batch({
  kind: 'events',
  item: z
    .strictObject({
      ...fields,
      id: z.optional(id),
      lead_id: z.optional(id),
      lead_external_id: z.optional(externalId),
      lead_source: z.optional(source),
    })
    .check(
      oneAgent,
      valueOfSales,
      scoreOfScored,
      skillAgrees,
      z.refine(
        (given) => (given.lead_id === undefined) !== (given.lead_external_id === undefined),
        {
          path: ['lead_id'],
          message: 'or "lead_external_id" must name the lead, one of them',
        },
      ),
      z.refine((given) => given.lead_source === undefined || given.lead_id === undefined, {
        path: ['lead_source'],
        message: 'goes with "lead_external_id"',
      }),
    ),
  prepare: (given, { caller, id, now }) =>
    prepared(given, { caller, id: chosenId(given.id, caller) ?? eventId(given, id), now }),
});

/** Namespace of ids made from (lead, external_id). Never changes: replays depend on it. */
const eventNamespace = '9b7a1f0e-4c53-5d0c-a4f7-52a8d6f0c3b9';

type Named = Given & { id?: string | undefined; lead_id?: string | undefined };

function eventId({ lead_id, external_id }: Named, otherwise: string): string {
  if (!lead_id || !external_id) return otherwise;
  return v5(JSON.stringify([lead_id, external_id]), eventNamespace);
}

function prepared(given: Named, { caller, id, now }: Preparing) {
  refuseFutureEvent(given, now);
  const item = { ...given, id, ...boundsOf(caller) };
  return { item, fresh: given.id === undefined && !given.external_id };
}

/** In a path an unknown id is an address where nothing is. */
function unknownPath(error: unknown): never {
  if (error instanceof DatabaseError && error.constraint === 'lead_id_known') {
    throw unknownLead(error);
  }
  throw error;
}
