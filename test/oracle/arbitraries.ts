/** Shrinking histories for fast-check: few leads, crowded times, any mixture of events. */

import fc from 'fast-check';
import { addDays, DAY, HOUR, MINUTE, SECOND, startOfLocalDay } from './local-time.ts';
import { agentsOf, CAMPAIGNS, type Cast, castOf, type History, SOURCES } from './people.ts';
import { randomFrom } from './random.ts';
import { EVENT_TYPES, type EventFact, type LeadFact, type Micros, SCORES } from './types.ts';

export type ArbitraryOptions = {
  timezone: string;
  from: string;
  to: string;
  maximumLeads?: number;
  maximumEvents?: number;
};

const STEPS: Micros[] = [
  0n,
  1n,
  SECOND,
  5n * MINUTE - 1n,
  5n * MINUTE,
  15n * MINUTE,
  HOUR - 1n,
  HOUR,
  24n * HOUR,
  30n * DAY,
  -1n,
  -HOUR,
];

/** Crowded instants (day edges, whole days) or any of the window and three days around it. */
function arbitraryInstant({ timezone, from, to }: ArbitraryOptions): fc.Arbitrary<Micros> {
  const edges: Micros[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const start = startOfLocalDay(day, timezone);
    edges.push(start, start - 1n);
  }
  const first = startOfLocalDay(addDays(from, -3), timezone);
  const last = startOfLocalDay(addDays(to, 3), timezone);
  return fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: first, max: last }));
}

type EventDraft = Omit<EventFact, 'id' | 'lead_id'> & { after: Micros | null };

/** An event within the rules of the tables: money on closed, a score on scored, and so on. */
function arbitraryEvent(options: ArbitraryOptions, cast: Cast): fc.Arbitrary<EventDraft> {
  const agents = [...cast.busy, cast.retired].map((agent) => agent.id);
  const skills = cast.skills.map(({ id, name }) => ({ source: `skill:${name}`, id }));
  const sources = ['agent', 'automation', 'lead', 'import'].map((source) => ({ source, id: null }));
  return fc
    .record({
      type: fc.constantFrom(...EVENT_TYPES.filter((type) => type !== 'created')),
      after: fc.option(fc.constantFrom(...STEPS), { freq: 3 }),
      at: arbitraryInstant(options),
      writer: fc.constantFrom(...sources, ...skills),
      agent: fc.option(fc.constantFrom(...agents), { freq: 2 }),
      value: fc.option(fc.bigInt({ min: 0n, max: 99_999_999n }), { freq: 2 }),
      score: fc.constantFrom(...SCORES),
      voided: fc.boolean(),
      voidedToo: fc.boolean(),
    })
    .map((draft) => ({
      created_at: draft.at,
      after: draft.after,
      event_type: draft.type,
      event_source: draft.writer.source,
      agent_id: draft.agent,
      skill_id: draft.writer.id,
      value: draft.type === 'closed' ? draft.value : null,
      quality_score: draft.type === 'scored' ? draft.score : null,
      qualification_reason: draft.type === 'scored' ? { score: draft.score } : null,
      voided: draft.voided && draft.voidedToo,
    }));
}

type LeadDraft = Omit<LeadFact, 'id' | 'duplicate_of'> & {
  duplicate: number | null;
  events: EventDraft[];
};

function arbitraryLead(options: ArbitraryOptions, cast: Cast): fc.Arbitrary<LeadDraft> {
  const maxLength = options.maximumEvents ?? 8;
  return fc.record({
    created_at: arbitraryInstant(options),
    first_name: fc.constantFrom(null, 'Ada'),
    last_name: fc.constantFrom(null, 'Lee'),
    email_normalised: fc.constantFrom(null, 'a@example.com', 'b@example.com'),
    phone_normalised: fc.constantFrom(null, '+14155550132', '+14155550133'),
    source: fc.constantFrom(...SOURCES),
    utm_campaign: fc.constantFrom(...CAMPAIGNS),
    is_test: fc.integer({ min: 0, max: 9 }).map((number) => number === 9),
    duplicate: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.nat({ max: 5 }) },
    ),
    events: fc.array(arbitraryEvent(options, cast), { maxLength }),
  });
}

function historyOf(drafts: LeadDraft[], cast: Cast, salt: number): History {
  const random = randomFrom(salt);
  const leads: LeadFact[] = [];
  const events: EventFact[] = [];
  for (const { duplicate, events: draftedEvents, ...lead } of drafts) {
    const original = duplicate === null ? undefined : leads[duplicate];
    const id = random.uuid();
    leads.push({ ...lead, id, duplicate_of: original?.id ?? null });
    for (const { after, ...event } of draftedEvents) {
      const created_at = after === null ? event.created_at : lead.created_at + after;
      events.push({ ...event, id: random.uuid(), lead_id: id, created_at });
    }
  }
  return {
    agents: agentsOf(cast),
    skills: cast.skills,
    leads,
    events,
    experiments: [],
    assignments: [],
    spend: [],
  };
}

/** Without `created` events: intake writes those itself. */
export function arbitraryHistory(options: ArbitraryOptions): fc.Arbitrary<History> {
  const cast = castOf(randomFrom(1));
  const leads = fc.array(arbitraryLead(options, cast), {
    maxLength: options.maximumLeads ?? 12,
  });
  return fc
    .tuple(leads, fc.integer({ min: 0, max: 0x7fffffff }))
    .map(([drafts, salt]) => historyOf(drafts, cast, salt));
}
