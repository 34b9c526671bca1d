/** Which leads a report counts: whole local days, filters, test and duplicate leads apart. */

import { type LeadState, stateAsOf } from './derive.ts';
import { addDays, daysBetween, daysEarlier, localDate } from './local-time.ts';
import type { EventFact, Excluded, Facts, LeadFact, Micros, Parameters } from './types.ts';

export type PlacedLead = {
  lead: LeadFact;
  events: readonly EventFact[];
  state: LeadState;
  /** The local day that places the lead in a window, null when it has none (not converted). */
  day: string | null;
};

export type Selection = { counted: PlacedLead[]; left: PlacedLead[]; excluded: Excluded };

/** The equally long window before, as it stood at the same local time that many days earlier. */
export function previousPeriod(parameters: Parameters): Parameters {
  const days = daysBetween(parameters.from, parameters.to);
  return {
    ...parameters,
    from: addDays(parameters.from, -days),
    to: parameters.from,
    as_of: daysEarlier(parameters.as_of, days, parameters.timezone),
  };
}

function matchesFilters(lead: LeadFact, state: LeadState, parameters: Parameters): boolean {
  const { source, agent_id, quality_score, utm_campaign } = parameters;
  if (source !== null && lead.source !== source.trim().toLowerCase()) return false;
  if (utm_campaign !== null && (lead.utm_campaign ?? '') !== utm_campaign) return false;
  if (agent_id !== null && (state.assigned_agent_id ?? 'none') !== agent_id) return false;
  return quality_score === null || (state.quality_score ?? 'none') === quality_score;
}

/** The same facts are asked for report after report: each lead is placed once. */
const placements = new WeakMap<Facts, Map<string, PlacedLead[]>>();

/** Every lead that exists at t and passes the filters, whatever its day. */
function placedLeads(facts: Facts, parameters: Parameters, t: Micros | null): PlacedLead[] {
  const { basis, timezone } = parameters;
  const known = placements.get(facts) ?? new Map<string, PlacedLead[]>();
  placements.set(facts, known);
  const name = `${t} ${basis} ${timezone}`;
  const placed = known.get(name) ?? allPlaced(facts, parameters, t);
  known.set(name, placed);
  return placed.filter(({ lead, state }) => matchesFilters(lead, state, parameters));
}

function allPlaced(facts: Facts, { basis, timezone }: Parameters, t: Micros | null): PlacedLead[] {
  const eventsOfLead = Map.groupBy(facts.events, (event) => event.lead_id);
  const placed: PlacedLead[] = [];
  for (const lead of facts.leads) {
    if (t !== null && lead.created_at > t) continue;
    const events = eventsOfLead.get(lead.id) ?? [];
    const state = stateAsOf(lead, events, t);
    const instant = instantOf(lead, state, { basis, t });
    const day = instant === null ? null : localDate(instant, timezone);
    placed.push({ lead, events, state, day });
  }
  return placed;
}

/** What places a lead in a window; of a due time only one that has come. */
function instantOf(
  lead: LeadFact,
  state: LeadState,
  { basis, t }: { basis: Parameters['basis']; t: Micros | null },
): Micros | null {
  if (basis === 'created') return lead.created_at;
  if (basis === 'converted') return state.converted_at;
  const due = lead.sla?.due_at ?? null;
  return due === null || (t !== null && due > t) ? null : due;
}

function split(leads: readonly PlacedLead[]): Selection {
  const counted: PlacedLead[] = [];
  const left: PlacedLead[] = [];
  const excluded = { test: 0, duplicate: 0 };
  for (const placed of leads) {
    const { is_test, duplicate_of } = placed.lead;
    if (is_test) excluded.test += 1;
    else if (duplicate_of !== null) excluded.duplicate += 1;
    (is_test || duplicate_of !== null ? left : counted).push(placed);
  }
  return { counted, left, excluded };
}

function isInWindow(placed: PlacedLead, parameters: Parameters): boolean {
  return placed.day !== null && parameters.from <= placed.day && placed.day < parameters.to;
}

/** The leads of the window and filters as of `as_of`. */
export function selectLeads(facts: Facts, parameters: Parameters): Selection {
  const placed = placedLeads(facts, parameters, parameters.as_of);
  return split(placed.filter((candidate) => isInWindow(candidate, parameters)));
}

/** The leads of the filters as of `as_of`, of all days. */
export function selectLeadsOfAllDays(facts: Facts, parameters: Parameters): Selection {
  return split(placedLeads(facts, parameters, parameters.as_of));
}

/** The leads of the window and filters with everything the facts hold, by day of creation. */
export function selectLeadsAsStored(facts: Facts, parameters: Parameters): Selection {
  const byCreation: Parameters = { ...parameters, basis: 'created' };
  const placed = placedLeads(facts, byCreation, null);
  return split(placed.filter((candidate) => isInWindow(candidate, byCreation)));
}
