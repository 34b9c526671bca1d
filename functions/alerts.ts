import { acknowledgeIncident, listIncidents, showIncident } from '../core/alerts/incidents.ts';
import { addRule, changeRule, listRules } from '../core/alerts/rules.ts';
import { httpHandler } from '../core/http/stack.ts';

/** What must not happen, and what went wrong. */
export const handler = httpHandler<'alerts'>({
  'GET /v1/alert-rules': listRules,
  'POST /v1/alert-rules': addRule,
  'PATCH /v1/alert-rules/{id}': changeRule,
  'GET /v1/incidents': listIncidents,
  'GET /v1/incidents/{id}': showIncident,
  'POST /v1/incidents/{id}/acknowledge': acknowledgeIncident,
});
