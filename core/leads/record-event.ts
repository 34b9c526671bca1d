import { v7 } from 'uuid';
import * as z from 'zod/mini';
import recordEvents from '../../sql/leads/record-events.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import {
  externalId,
  id,
  jsonObject,
  moment,
  money,
  pathWithId,
  shortText,
} from '../http/fields.ts';
import { event } from './answers.ts';
import { oneAgent } from './details.ts';
import { eventSource, eventTypes, qualityScore } from './fields.ts';

const scoredDetails = z.object({ quality_score: qualityScore });

const body = z
  .strictObject({
    event_type: z
      .enum(eventTypes)
      .check(z.refine((type) => type !== 'created', 'is written by intake itself')),
    created_at: z.optional(moment),
    event_source: eventSource,
    agent_id: z.optional(z.nullable(id)),
    agent_external_id: z.optional(z.nullable(externalId)),
    skill_id: z.optional(z.nullable(id)),
    skill: z.optional(z.nullable(shortText(100))),
    value: z.optional(z.nullable(money)),
    details: z.optional(z.nullable(jsonObject)),
    external_id: z.optional(z.nullable(externalId)),
  })
  .check(
    oneAgent,
    z.refine((given) => !given.value || given.event_type === 'closed', {
      path: ['value'],
      message: 'belongs to closed events only',
    }),
    z.refine(
      ({ event_type, details }) =>
        event_type !== 'scored' || scoredDetails.safeParse(details).success,
      { path: ['details', 'quality_score'], message: 'must be A, B, C or D in a scored event' },
    ),
  );

/**
 * `POST /v1/leads/{id}/events`: records what happened. The same external_id again is the first
 * one.
 */
export const recordEvent = endpoint({
  path: pathWithId,
  body,
  answers: {
    200: { description: 'This event was here already; nothing changed', schema: event },
    201: { description: 'Recorded', schema: event },
  },
  async run({ path, body, caller, now }) {
    const item = { ...body, index: 0, id: v7(), lead_id: path.id, only_source: caller.source };
    const [row] = await query<{ inserted: boolean; event: z.infer<typeof event> }>(recordEvents, {
      items: [item],
      now,
    });
    if (!row) throw new Error('record_events answered without the event');
    // An id of our own choosing that is there already came with a retry of this very request.
    const isNew = row.inserted || !body.external_id;
    return { status: isNew ? 201 : 200, body: row.event };
  },
});
