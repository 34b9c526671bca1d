/** What a lead's events say about it: metrics.md, section 1. */

import {
  type Cents,
  EVENT_TYPES,
  type EventFact,
  type EventType,
  type LeadFact,
  type Micros,
  REACHABLE_STAGES,
  type ReachableStage,
  type Score,
  type Stage,
} from './types.ts';

export type EventIntervals = {
  id: string;
  time_since_previous_event: Micros | null;
  time_since_lead_created: Micros | null;
};

export type Milestones = {
  first_assigned_at: Micros | null;
  first_contacted_at: Micros | null;
  first_human_contact_at: Micros | null;
  first_responded_at: Micros | null;
  qualified_at: Micros | null;
  appointment_at: Micros | null;
  offer_at: Micros | null;
  closed_at: Micros | null;
  dead_at: Micros | null;
};

export type LeadState = Milestones & {
  assigned_agent_id: string | null;
  assigned_at: Micros | null;
  quality_score: Score | null;
  qualification_reason: unknown;
  current_stage: Stage;
  /** Not a column: the furthest of new … closed, also of a dead lead. */
  furthest_stage: ReachableStage;
  /** Not a column: the latest stage event is `dead`. */
  dead: boolean;
  converted: boolean;
  converted_at: Micros | null;
  conversion_value: Cents | null;
};

const STAGE_OF_EVENT: Partial<Record<EventType, Stage>> = {
  contacted: 'contacted',
  qualified: 'qualified',
  appointment_scheduled: 'appointment',
  offer_made: 'offer',
  closed: 'closed',
  dead: 'dead',
};

/** The order of a lead's events: time, then the type's rank, then the id's lower-case text. */
export function compareEvents(left: EventFact, right: EventFact): number {
  if (left.created_at !== right.created_at) return left.created_at < right.created_at ? -1 : 1;
  const rank = EVENT_TYPES.indexOf(left.event_type) - EVENT_TYPES.indexOf(right.event_type);
  if (rank !== 0) return rank;
  const leftId = left.id.toLowerCase();
  const rightId = right.id.toLowerCase();
  return leftId < rightId ? -1 : leftId > rightId ? 1 : 0;
}

/** One lead's events that count, in their order. */
export function chainOf(lead: LeadFact, events: readonly EventFact[]): EventFact[] {
  return events.filter((event) => event.lead_id === lead.id && !event.voided).sort(compareEvents);
}

/** The two intervals of each event of a lead, voided ones with nulls. */
export function intervalsOf(lead: LeadFact, events: readonly EventFact[]): EventIntervals[] {
  const intervals: EventIntervals[] = [];
  let previous: Micros | null = null;
  for (const event of chainOf(lead, events)) {
    intervals.push({
      id: event.id,
      time_since_previous_event: previous === null ? null : event.created_at - previous,
      time_since_lead_created: event.created_at - lead.created_at,
    });
    previous = event.created_at;
  }
  for (const event of events) {
    if (event.lead_id !== lead.id || !event.voided) continue;
    const { id } = event;
    intervals.push({ id, time_since_previous_event: null, time_since_lead_created: null });
  }
  return intervals;
}

function earliest(chain: readonly EventFact[], type: EventType): Micros | null {
  return chain.find((event) => event.event_type === type)?.created_at ?? null;
}

function milestonesOf(chain: readonly EventFact[]): Milestones {
  const withAgent = chain.filter((event) => event.agent_id !== null);
  const byPeople = chain.filter((event) => event.event_source === 'agent');
  return {
    first_assigned_at: earliest(withAgent, 'assigned'),
    first_contacted_at: earliest(chain, 'contacted'),
    first_human_contact_at: earliest(byPeople, 'contacted'),
    first_responded_at: earliest(chain, 'responded'),
    qualified_at: earliest(chain, 'qualified'),
    appointment_at: earliest(chain, 'appointment_scheduled'),
    offer_at: earliest(chain, 'offer_made'),
    closed_at: earliest(chain, 'closed'),
    dead_at: earliest(chain, 'dead'),
  };
}

function furthestStage(chain: readonly EventFact[]): ReachableStage {
  let furthest = 0;
  for (const event of chain) {
    const stage = STAGE_OF_EVENT[event.event_type];
    if (stage === undefined || stage === 'dead') continue;
    furthest = Math.max(furthest, REACHABLE_STAGES.indexOf(stage));
  }
  return REACHABLE_STAGES[furthest] ?? 'new';
}

function isDead(chain: readonly EventFact[]): boolean {
  const latest = chain.findLast((event) => STAGE_OF_EVENT[event.event_type] !== undefined);
  return latest?.event_type === 'dead';
}

/**
 * The lead as it stood at t: only events at or before t count for milestones, stage and
 * conversion; agent and score are today's. A t of null is today.
 */
export function stateAsOf(
  lead: LeadFact,
  events: readonly EventFact[],
  t: Micros | null,
): LeadState {
  const today = chainOf(lead, events);
  const chain = today.filter((event) => t === null || event.created_at <= t);
  const assignment = today.findLast((event) => event.event_type === 'assigned');
  const scoring = today.findLast((event) => event.event_type === 'scored');
  const milestones = milestonesOf(chain);
  const furthest = furthestStage(chain);
  const dead = isDead(chain);
  const converted = milestones.closed_at !== null && !dead;
  const stated = chain.findLast((event) => event.event_type === 'closed' && event.value !== null);
  const agent = assignment?.agent_id ?? null;
  return {
    ...milestones,
    assigned_agent_id: agent,
    assigned_at: agent === null ? null : (assignment?.created_at ?? null),
    quality_score: scoring?.quality_score ?? null,
    qualification_reason: scoring?.qualification_reason ?? null,
    current_stage: dead ? 'dead' : furthest,
    furthest_stage: furthest,
    dead,
    converted,
    converted_at: converted ? milestones.closed_at : null,
    conversion_value: converted ? (stated?.value ?? null) : null,
  };
}

/** The derived columns as they stand with every event counted. */
export function deriveLead(lead: LeadFact, events: readonly EventFact[]): LeadState {
  return stateAsOf(lead, events, null);
}

export function hasReached(state: LeadState, stage: ReachableStage): boolean {
  return REACHABLE_STAGES.indexOf(state.furthest_stage) >= REACHABLE_STAGES.indexOf(stage);
}
