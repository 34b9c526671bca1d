import { httpHandler } from '../core/http/stack.ts';
import { recordEvent } from '../core/leads/record-event.ts';
import { takeLead } from '../core/leads/take-lead.ts';

/** Takes in leads and what happens to them. */
export const handler = httpHandler<'ingest'>({
  'POST /v1/leads': takeLead,
  'POST /v1/leads/{id}/events': recordEvent,
});
