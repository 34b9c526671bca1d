import { acknowledgeIncident, listIncidents, showIncident } from '../core/alerts/incidents.ts';
import { addRule, changeRule, listRules } from '../core/alerts/rules.ts';
import { httpHandler } from '../core/http/stack.ts';
import { addPolicy, changePolicy, listPolicies } from '../core/sla/policies.ts';

/** By when leads have to be answered, what must not happen, and what went wrong. */
export const handler = httpHandler<'alerts'>({
  'GET /v1/alert-rules': listRules,
  'POST /v1/alert-rules': addRule,
  'PATCH /v1/alert-rules/{id}': changeRule,
  'GET /v1/sla-policies': listPolicies,
  'POST /v1/sla-policies': addPolicy,
  'PATCH /v1/sla-policies/{id}': changePolicy,
  'GET /v1/incidents': listIncidents,
  'GET /v1/incidents/{id}': showIncident,
  'POST /v1/incidents/{id}/acknowledge': acknowledgeIncident,
});
