import { slaState } from '../oracle/clocks.ts';
import { type LeadState, stateAsOf } from '../oracle/derive.ts';
import { addDays, instantOfWall, localDate, parseInstant } from '../oracle/local-time.ts';
import type { Clock, EventFact, EventType, LeadFact, Micros, Score } from '../oracle/types.ts';
import type { PolicyBody } from './rules.ts';
import type { Story } from './story.ts';

/** A counted lead, and how it stood from each hour on at which something became known. */
export interface Lead {
  readonly id: string;
  readonly created: number;
  readonly source: string;
  readonly standings: readonly Standing[];
}

/** How a lead stands, as far as it is known. */
export interface Standing {
  readonly from: number;
  readonly agent: string;
  readonly waiting: boolean;
  readonly reached: boolean;
  readonly dead: boolean;
  readonly converted: boolean;
  readonly contacted: number | null;
  readonly due: number | null;
  /** Not answered in time, if nothing more happens, nor dead: overdue from `due` on. */
  readonly lapses: boolean;
  /** `slaState` of the definitions, at a moment. */
  sla(at: number): string | null;
}

type Known = EventFact & { readonly from: number; readonly until: number };

/** What has to be known of the leads, by the definitions alone; earliest first. */
export function leadsOf(story: Story, policies: readonly PolicyBody[], timezone: string): Lead[] {
  const voids = new Map(story.voids.map(({ item, at }) => [item.event_id, at]));
  const events = Map.groupBy(story.events, ({ item }) => item.lead_id);
  const byPriority = policies.toSorted((one, other) => one.priority - other.priority);
  return story.leads
    .filter(({ item }) => !item.is_test && !item.duplicate_of)
    .map(({ item, at }) => {
      const { id, created_at, agent_id = null, quality_score = null } = item;
      const intake: Known[] = [
        ...(agent_id
          ? [eventOf({ ...item, id: `${id} 1`, event_type: 'assigned', agent_id })]
          : []),
        ...(quality_score ? [eventOf({ ...item, id: `${id} 2`, event_type: 'scored' })] : []),
      ].map((event) => ({ ...event, lead_id: id, from: at, until: Number.POSITIVE_INFINITY }));
      const later = (events.get(id) ?? []).map((told) => ({
        ...eventOf(told.item),
        from: told.at,
        until: voids.get(told.item.id) ?? Number.POSITIVE_INFINITY,
      }));
      const lead = leadFact(id, created_at, item.source);
      const standings = standingsOf(lead, { intake, later }, at, { byPriority, timezone });
      return { id, created: Date.parse(created_at), source: item.source, standings };
    })
    .sort((one, other) => one.created - other.created);
}

function leadFact(id: string, created_at: string, source: string): LeadFact {
  const person = { first_name: null, last_name: null, email_normalised: null };
  const rest = { phone_normalised: null, utm_campaign: null, is_test: false, duplicate_of: null };
  return { id, created_at: parseInstant(created_at), source, ...person, ...rest };
}

function eventOf(given: {
  id: string;
  created_at: string;
  event_type: string;
  lead_id?: string;
  event_source?: string;
  agent_id?: string;
  quality_score?: string;
  details?: object;
}): EventFact {
  const { id, created_at, event_type, lead_id = '', event_source = '', agent_id = null } = given;
  const { quality_score } = { ...given, ...given.details } as { quality_score?: Score };
  return {
    ...{ id, lead_id, event_source, agent_id },
    created_at: parseInstant(created_at),
    event_type: event_type as EventType,
    quality_score: event_type === 'scored' ? (quality_score ?? null) : null,
    ...{ skill_id: null, value: null, qualification_reason: null, voided: false },
  };
}

interface Told {
  readonly intake: readonly Known[];
  readonly later: readonly Known[];
}

interface Terms {
  readonly byPriority: readonly PolicyBody[];
  readonly timezone: string;
}

function standingsOf(lead: LeadFact, told: Told, at: number, terms: Terms): Standing[] {
  const events = [...told.intake, ...told.later];
  const hours = new Set([at, ...told.later.flatMap(({ from, until }) => [from, until])]);
  let had = stateAsOf(lead, told.intake, null);
  let clock = clockOf(lead.source, had, lead.created_at, terms);
  return [...hours]
    .filter(Number.isFinite)
    .sort((one, other) => one - other)
    .map((hour) => {
      const known = events.filter(({ from, until }) => from <= hour && until > hour);
      const state = stateAsOf(lead, known, null);
      const begins = firstOf(known, had);
      if (begins !== null && isUnanswered(state, clock)) {
        const set = clockOf(lead.source, state, begins, terms);
        if (set && (clock === null || set.due_at < clock.due_at)) clock = set;
        had = state;
      }
      return standingOf({ lead, state, clock, hour });
    });
}

/** Where the policy asks for a person, a machine's contact is no answer. */
function isUnanswered(state: LeadState, clock: Clock | null): boolean {
  if (state.dead) return false;
  if (!clock?.human_only) return state.furthest_stage === 'new';
  return ['new', 'contacted'].includes(state.furthest_stage) && !state.first_human_contact_at;
}

function standingOf(given: {
  lead: LeadFact;
  state: LeadState;
  clock: Clock | null;
  hour: number;
}): Standing {
  const { state, clock, hour } = given;
  const placed = { lead: { ...given.lead, sla: clock }, events: [], state, day: null };
  const contacted = state.first_contacted_at;
  return {
    from: hour,
    agent: state.assigned_agent_id ?? 'none',
    waiting: state.furthest_stage === 'new' && !state.dead,
    reached: state.furthest_stage !== 'new',
    dead: state.dead,
    converted: state.converted,
    contacted: contacted === null ? null : Number(contacted / 1000n),
    due: clock && Number(clock.due_at) / 1000,
    lapses: clock !== null && !state.dead && slaState(placed, clock.due_at) === 'breached',
    sla: (at) => slaState(placed, BigInt(at) * 1000n),
  };
}

/** When the first score or the first agent came, the later of both, of which there was none. */
function firstOf(known: readonly Known[], had: LeadState): Micros | null {
  const [scored, assigned] = (['scored', 'assigned'] as const).map((type) =>
    known
      .filter(({ event_type, agent_id }) => event_type === type && (type === 'scored' || agent_id))
      .map(({ created_at }) => created_at)
      .reduce<Micros | null>((first, at) => (first === null || at < first ? at : first), null),
  );
  const times = [
    had.quality_score === null ? scored : null,
    had.assigned_agent_id === null ? assigned : null,
  ].filter((at) => at !== null && at !== undefined);
  return times.reduce<Micros | null>((last, at) => (last === null || at > last ? at : last), null);
}

function clockOf(source: string, state: LeadState, begins: Micros, terms: Terms): Clock | null {
  const policy = terms.byPriority.find(
    (one) =>
      (one.source === undefined || one.source === source) &&
      (one.quality_score === undefined || one.quality_score === state.quality_score) &&
      (one.agent_id === undefined || one.agent_id === state.assigned_agent_id),
  );
  if (!policy) return null;
  const due_at = deadlineOf(policy, begins, terms.timezone);
  return { due_at, policy_id: policy.name, human_only: policy.human_only ?? false };
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Day by day and interval by interval, each from one wall-clock time to another. */
function deadlineOf(policy: PolicyBody, begins: Micros, timezone: string): Micros {
  let left = BigInt(policy.target_minutes * 60_000_000);
  if (!policy.working_hours && !policy.days_off?.length) return begins + left;
  for (let day = localDate(begins, timezone); ; day = addDays(day, 1)) {
    const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
    if (policy.days_off?.includes(day)) continue;
    const { working_hours: hours } = policy;
    for (const span of hours ? (hours[weekday] ?? []) : [['00:00', '24:00']]) {
      const [opens, closes] = span.map((time) => {
        const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
        const wall = parseInstant(`${day}T00:00:00Z`) + BigInt(minutes) * 60_000_000n;
        return instantOfWall(wall, timezone);
      }) as [Micros, Micros];
      const start = opens > begins ? opens : begins;
      if (closes > start && start + left <= closes) return start + left;
      if (closes > start) left -= closes - start;
    }
  }
}
