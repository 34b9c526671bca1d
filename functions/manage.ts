import { listCorrections } from '../core/corrections/list-corrections.ts';
import { httpHandler } from '../core/http/stack.ts';
import { changeLead } from '../core/leads/change-lead.ts';
import { listEvents, listLeadEvents } from '../core/leads/list-events.ts';
import { listLeads } from '../core/leads/list-leads.ts';
import { showLead } from '../core/leads/one-lead.ts';
import { voidEvent } from '../core/leads/void-event.ts';
import { eraseLead, erasePerson } from '../core/people/erase.ts';
import { exportPerson } from '../core/people/export.ts';
import { listAudit } from '../core/people/list-audit.ts';

/** Shows and corrects leads and events, and shows what was corrected. */
export const handler = httpHandler<'manage'>({
  'GET /v1/leads': listLeads,
  'GET /v1/leads/{id}': showLead,
  'PATCH /v1/leads/{id}': changeLead,
  'GET /v1/leads/{id}/events': listLeadEvents,
  'GET /v1/events': listEvents,
  'POST /v1/leads/{id}/erase': eraseLead,
  'POST /v1/people/erase': erasePerson,
  'POST /v1/people/export': exportPerson,
  'GET /v1/audit': listAudit,
  'POST /v1/events/{id}/void': voidEvent,
  'GET /v1/corrections': listCorrections,
});
