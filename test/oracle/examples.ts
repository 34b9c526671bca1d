/** Small facts for hand-worked examples. */

import { parseInstant } from './local-time.ts';
import type { Assignment, EventFact, EventType, Experiment, Facts, LeadFact } from './types.ts';

let made = 0;

/** Ids in the order of their making, so that a tie goes by the order in the example. */
function nextId(): string {
  made += 1;
  return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
}

export function leadAt(at: string, given: Partial<LeadFact> = {}): LeadFact {
  return {
    id: nextId(),
    created_at: parseInstant(at),
    first_name: null,
    last_name: null,
    email_normalised: null,
    phone_normalised: null,
    source: 'zillow',
    utm_campaign: null,
    is_test: false,
    duplicate_of: null,
    ...given,
  };
}

export function eventAt(
  lead: LeadFact,
  at: string,
  event_type: EventType,
  given: Partial<EventFact> = {},
): EventFact {
  return {
    id: nextId(),
    lead_id: lead.id,
    created_at: parseInstant(at),
    event_type,
    event_source: given.agent_id ? 'agent' : 'automation',
    agent_id: null,
    skill_id: null,
    value: null,
    quality_score: null,
    qualification_reason: null,
    voided: false,
    ...given,
  };
}

/** A running experiment that nobody has looked at yet, planned as usual. */
export function experimentOf(given: Pick<Experiment, 'created_at'> & Partial<Experiment>) {
  return {
    id: nextId(),
    name: 'quick reply',
    primary_metric: 'response_rate',
    status: 'running',
    started_at: given.created_at,
    ended_at: null,
    spans: [],
    outcome_window_hours: null,
    traffic_split: 0.5,
    target_sample_size: 100,
    min_duration_days: 14,
    max_duration_days: 90,
    alpha: 0.05,
    looks: [0.5, 0.75, 1],
    taken: [],
    evaluated_at: null,
    warnings: [],
    decision: null,
    decision_code: null,
    decision_reason: null,
    decided_at: null,
    decided_because: null,
    ...given,
  } satisfies Experiment;
}

/** A lead in an experiment, as it came in. */
export function assignmentOf(
  lead: LeadFact,
  given: Pick<Assignment, 'experiment_id' | 'group_name'> & Partial<Assignment>,
): Assignment {
  return {
    id: nextId(),
    lead_id: lead.id,
    assigned_at: lead.created_at,
    unit_id: null,
    in_both_arms: false,
    ...given,
  };
}

export function factsOf(given: Partial<Facts>): Facts {
  const none = { leads: [], events: [], agents: [], experiments: [], assignments: [], spend: [] };
  return { ...none, ...given };
}
