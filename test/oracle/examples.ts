/** Small facts for hand-worked examples. */

import { parseInstant } from './local-time.ts';
import type { EventFact, EventType, Facts, LeadFact } from './types.ts';

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

export function factsOf(given: Partial<Facts>): Facts {
  const none = { leads: [], events: [], agents: [], experiments: [], assignments: [], spend: [] };
  return { ...none, ...given };
}
