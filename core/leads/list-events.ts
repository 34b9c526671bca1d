import * as z from 'zod/mini';
import listEventsSql from '../../sql/leads/list-events.sql' with { type: 'text' };
import listLeadEventsSql from '../../sql/leads/list-lead-events.sql' with { type: 'text' };
import { refuseOtherAgents, viewerOf } from '../access/viewer.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, pathWithId } from '../http/fields.ts';
import { isCounted, type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { windowChecks, windowParameters } from '../reports/parameters.ts';
import { event } from './answers.ts';
import { eventSource, eventTypes } from './fields.ts';
import { unknownLead } from './unknown-lead.ts';

const leadEvents = { name: 'lead-events', item: event, most: 100 };

/** `GET /v1/leads/{id}/events`: what happened to a lead, newest first. */
export const listLeadEvents = endpoint({
  path: pathWithId,
  query: listQuery(leadEvents, {}),
  answers: pageForm(leadEvents),
  async run({ path, query: { cursor, ...page }, caller }) {
    const start = { limit: page.limit, ...startOf(cursor) };
    const parameters = { ...path, ...start, ...viewerOf(caller) };
    const rows = await query<ListRow>(listLeadEventsSql, parameters);
    if (rows.length === 0) throw unknownLead();
    return pageOf(leadEvents, rows, page);
  },
});

const events = {
  name: 'events',
  item: z.extend(event, {
    lead_source: z.string(),
    lead_external_id: z.nullable(z.string()),
  }),
  most: 100,
};

const noFilters = {
  from: null,
  to: null,
  source: null,
  event_type: null,
  event_source: null,
  agent_id: null,
  lead_id: null,
  include: null,
};

/**
 * `GET /v1/events`: what happened to leads, newest first: all events but `created`, which intake
 * writes, and those that were taken back, which `include=voided` adds. The days are those on which
 * it happened, the agent is the event's.
 */
export const listEvents = endpoint({
  query: listQuery(events, {
    from: z.optional(windowParameters.from),
    to: z.optional(windowParameters.to),
    source: z.optional(windowParameters.source),
    event_type: z.optional(z.enum(eventTypes.filter((type) => type !== 'created'))),
    event_source: z.optional(eventSource),
    agent_id: z.optional(id),
    lead_id: z.optional(id),
    include: z.optional(z.enum(['voided'])),
  }).check(...windowChecks),
  answers: pageForm(events),
  async run({ query: page, caller }) {
    refuseOtherAgents(caller, page.agent_id);
    const { cursor, format: _, ...filters } = page;
    const viewer = viewerOf(caller);
    const start = { ...startOf(cursor), counted: isCounted(page, viewer), ...viewer };
    const rows = await query<ListRow>(listEventsSql, { ...noFilters, ...filters, ...start });
    return pageOf(events, rows, page);
  },
});
