import { httpHandler } from '../core/http/stack.ts';
import { recordEvent, recordEvents } from '../core/leads/record-event.ts';
import { takeLead, takeLeads } from '../core/leads/take-lead.ts';

/** Takes in leads and what happens to them. */
export const handler = httpHandler<'ingest'>({
  'POST /v1/leads': takeLead,
  'POST /v1/leads/batch': takeLeads,
  'POST /v1/events/batch': recordEvents,
  'POST /v1/leads/{id}/events': recordEvent,
});
