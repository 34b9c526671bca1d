import { httpHandler } from '../core/http/stack.ts';
import { showLead } from '../core/leads/one-lead.ts';

/** Shows and corrects leads, events, agents and skills. */
export const handler = httpHandler<'manage'>({
  'GET /v1/leads/{id}': showLead,
});
