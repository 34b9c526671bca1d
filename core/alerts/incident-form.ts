import * as z from 'zod/mini';
import { severities } from './message.ts';
import { alertMetricNames } from './metrics.ts';

const when = z.iso.datetime({ precision: 6 });

/** What an incident can be. */
export const incidentStatuses = ['open', 'acknowledged', 'resolved'] as const;

/** An incident as lists and the digest show it; figures as of its last check. */
export const incidentForm = z.strictObject({
  id: z.uuid(),
  status: z.enum(incidentStatuses),
  rule_id: z.uuid(),
  rule: z.string(),
  metric: z.enum(alertMetricNames),
  severity: z.enum(severities),
  source: z.nullable(z.string()),
  agent_id: z.nullable(z.string()),
  opened_at: when,
  acknowledged_at: z.nullable(when),
  acknowledged_by: z.nullable(z.string()),
  resolved_at: z.nullable(when),
  checked_at: when,
  value: z.number(),
  threshold: z.number(),
  sample: z.int(),
  leads: z.int(),
  waiting_leads: z.int(),
  since: when,
  transitions: z.int(),
});

/** An incident, in that form. */
export type Incident = z.infer<typeof incidentForm>;
