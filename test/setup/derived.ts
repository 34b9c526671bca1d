import type pg from 'pg';
import { deriveLead, intervalsOf } from '../oracle/derive.ts';
import { formatInstant } from '../oracle/local-time.ts';
import type { EventFact, Facts, Micros } from '../oracle/types.ts';

type Runner = Pick<pg.Pool, 'query'>;
type Derived = Record<string, unknown>;

/** What the database derived, of leads and of events, as text that compares. */
export async function readDerived(db: Runner): Promise<Derived> {
  const { rows: leads } = await db.query(`
    select id, jsonb_build_object(
      'first_assigned_at', api_time(first_assigned_at),
      'first_contacted_at', api_time(first_contacted_at),
      'first_human_contact_at', api_time(first_human_contact_at),
      'first_responded_at', api_time(first_responded_at),
      'qualified_at', api_time(qualified_at),
      'appointment_at', api_time(appointment_at),
      'offer_at', api_time(offer_at),
      'closed_at', api_time(closed_at),
      'dead_at', api_time(dead_at),
      'assigned_agent_id', assigned_agent_id,
      'assigned_at', api_time(assigned_at),
      'quality_score', quality_score,
      'qualification_reason', qualification_reason,
      'current_stage', current_stage,
      'converted', converted,
      'converted_at', api_time(converted_at),
      'conversion_value', (conversion_value * 100)::bigint
    ) as derived
    from leads`);
  const { rows: events } = await db.query(`
    select id, jsonb_build_object(
      'previous', (extract(epoch from time_since_previous_event) * 1000000)::bigint,
      'created', (extract(epoch from time_since_lead_created) * 1000000)::bigint
    ) as derived
    from lead_events`);
  return Object.fromEntries([...leads, ...events].map((row) => [row.id, row.derived]));
}

/** What the oracle derives from the same facts, in the same form. */
export function expectedDerived(facts: Facts): Derived {
  const byLead = Map.groupBy(facts.events, (event) => event.lead_id);
  return Object.fromEntries(
    facts.leads.flatMap((lead) => {
      const events = byLead.get(lead.id) ?? [];
      const { furthest_stage: _furthest, dead: _dead, ...state } = deriveLead(lead, events);
      const intervals = intervalsOf(lead, events).map((i) => [
        i.id,
        {
          previous: number(i.time_since_previous_event),
          created: number(i.time_since_lead_created),
        },
      ]);
      return [[lead.id, shown(state)], ...intervals];
    }),
  );
}

/** The same set of events in an order the seed decides: arrival must not matter. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const keyed = items.map((item) => ({ item, key: next() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Cuts a list into pieces of the given size. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => i * size);
  return starts.map((start) => items.slice(start, start + size));
}

function shown(state: Derived): Derived {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => {
      if (typeof value !== 'bigint') return [name, value];
      return [name, name.endsWith('_at') ? formatInstant(value) : Number(value)];
    }),
  );
}

function number(value: Micros | null): number | null {
  return value === null ? null : Number(value);
}

/** The events of a history that are not voided, and their twins that become so later. */
export function withoutVoiding(events: readonly EventFact[]): EventFact[] {
  return events.map((event) => ({ ...event, voided: false }));
}
