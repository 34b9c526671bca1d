/** A reproducible history that holds every awkward case; `arbitraries.ts` has shrinking ones. */

import { clockOf } from './clocks.ts';
import { generateExperiments } from './experiment-histories.ts';
import { addDays, DAY, daysBetween, MINUTE, offsetAt, startOfLocalDay } from './local-time.ts';
import {
  agentsOf,
  CAMPAIGNS,
  type Cast,
  castOf,
  type History,
  type Person,
  personOf,
  SOURCES,
} from './people.ts';
import { type Random, randomFrom } from './random.ts';
import { atIntake, SCENARIOS } from './scenarios.ts';
import { generateSpend } from './spend.ts';
import type { EventFact, EventType, LeadFact, Micros } from './types.ts';

export { arbitraryHistory } from './arbitraries.ts';
export type { History } from './people.ts';

export type HistoryOptions = {
  seed: number;
  leads: number;
  timezone: string;
  /** Local days: most leads are created in [from, to), some within 20 days around it. */
  from: string;
  to: string;
};

/** The last microseconds of local days and the first of the next, clock changes included. */
export function dayEdges(from: string, to: string, timezone: string): Micros[] {
  const edges: Micros[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const start = startOfLocalDay(day, timezone);
    edges.push(start - 1n, start);
  }
  return edges;
}

/** Instants around the changes of the zone's clock in a window: a half-hour grid of those days. */
export function clockChanges(from: string, to: string, timezone: string): Micros[] {
  const instants: Micros[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) {
    const start = startOfLocalDay(day, timezone);
    const end = startOfLocalDay(addDays(day, 1), timezone);
    if (offsetAt(start - 1n, timezone) === offsetAt(end, timezone)) continue;
    for (let instant = start; instant < end; instant += 30n * MINUTE) {
      instants.push(instant - 1n, instant);
    }
  }
  return instants;
}

/** Where in time the leads are placed, in turn. */
function placements(options: HistoryOptions, random: Random): (() => Micros)[] {
  const { from, to, timezone } = options;
  const start = startOfLocalDay(from, timezone);
  const end = startOfLocalDay(to, timezone);
  const edges = dayEdges(from, to, timezone);
  const changes = clockChanges(from, to, timezone);
  const inside = () => random.between(start, end);
  return [
    inside,
    () => random.pick(edges),
    inside,
    () => random.pick(changes.length > 0 ? changes : edges),
    inside,
    () => start - random.between(1n, 20n * DAY),
    inside,
    () => end + random.between(0n, 20n * DAY),
    () => random.pick([start - 1n, start, end - 1n, end]),
    () => (inside() / DAY) * DAY,
    inside,
  ];
}

type Arrival = { at: Micros; source: string | null; person: Person };

/**
 * One lead in 23 is one of before the window again, 30 days later to the microsecond or nearly so.
 * A source of many leads dies after the window's first ten days.
 */
function arrivals({ from, timezone, seed }: HistoryOptions) {
  const random = randomFrom(seed + 1);
  const start = startOfLocalDay(from, timezone);
  return (index: number, at: Micros, earlier: readonly LeadFact[]): Arrival => {
    const before = earlier.filter((lead) => lead.created_at < start);
    if (index % 23 === 11 && before.length > 0) {
      const known = random.pick(before);
      const late = random.pick([-1n, 0n, 1n]);
      return { at: known.created_at + 30n * DAY + late, source: null, person: known };
    }
    const source = index % 6 === 0 && at < start + 10n * DAY ? 'radio' : null;
    return { at, source, person: personOf(random) };
  };
}

function leadOf(
  index: number,
  random: Random,
  earlier: LeadFact[],
  { at, source, person }: Arrival,
): LeadFact {
  const first = earlier[0];
  const isDuplicate = first !== undefined && (index % 13 === 5 || index % 29 === 7);
  return {
    id: random.uuid(),
    created_at: at,
    first_name: person.first_name,
    last_name: person.last_name,
    email_normalised: person.email_normalised,
    phone_normalised: person.phone_normalised,
    source: source ?? random.pick(SOURCES),
    utm_campaign: random.pick(CAMPAIGNS),
    is_test: index % 9 === 4 || index % 29 === 7,
    duplicate_of: isDuplicate ? random.pick(earlier).id : null,
  };
}

function eventsOf(lead: LeadFact, index: number, random: Random, cast: Cast, edges: Micros[]) {
  const events: EventFact[] = [];
  const tell = (after: Micros, event_type: EventType, given: Partial<EventFact> = {}) => {
    events.push({
      id: random.uuid(),
      lead_id: lead.id,
      created_at: lead.created_at + after,
      event_type,
      event_source: given.agent_id ? 'agent' : 'automation',
      agent_id: null,
      skill_id: null,
      value: null,
      quality_score: null,
      qualification_reason: null,
      voided: false,
      ...given,
    });
  };
  tell(0n, 'created');
  const teller = { random, cast, lead, edges, tell };
  atIntake(teller);
  SCENARIOS[index % SCENARIOS.length]?.(teller);
  return events;
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const left = [...items];
  const mixed: Item[] = [];
  while (left.length > 0) mixed.push(...left.splice(random.below(left.length), 1));
  return mixed;
}

/** The same options give the same history. Events are in no order. */
export function generateHistory(options: HistoryOptions): History {
  if (daysBetween(options.from, options.to) < 1) throw new Error('An empty window');
  const random = randomFrom(options.seed);
  const cast = castOf(random);
  const places = placements(options, random);
  const edges = dayEdges(options.from, options.to, options.timezone);
  const arrivalOf = arrivals(options);
  const clocks = randomFrom(options.seed + 2);
  const leads: LeadFact[] = [];
  const events: EventFact[] = [];
  for (let index = 0; index < options.leads; index += 1) {
    const previous = leads.at(-1);
    const place = places[index % places.length] ?? (() => edges[0] ?? 0n);
    const at = previous !== undefined && index % 17 === 9 ? previous.created_at : place();
    const lead = leadOf(index, random, leads, arrivalOf(index, at, leads));
    const estimated_value = clocks.pick([null, 45_000_000n, 45_000_000n, 1n]);
    leads.push({ ...lead, estimated_value, sla: clockOf(lead, clocks) });
    events.push(...eventsOf(lead, index, random, cast, edges));
  }
  return {
    agents: agentsOf(cast),
    skills: cast.skills,
    leads,
    events: shuffled(events, random),
    ...generateExperiments(options, leads),
    spend: generateSpend(options),
  };
}
