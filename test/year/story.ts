import { v5 } from 'uuid';
import type { AgentItem, EventItem, LeadItem, SkillItem, VoidItem } from '../../demo/items.ts';
import type { Year } from '../../demo/year.ts';

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Something, and the hour at whose end it was sent. */
export interface Told<T> {
  readonly item: T;
  readonly at: number;
}

/** What a team tells leadpulse of some weeks, each thing within the hour. */
export interface Story {
  readonly agents: readonly AgentItem[];
  readonly skills: readonly SkillItem[];
  readonly leads: readonly Told<LeadItem>[];
  readonly events: readonly Told<EventItem>[];
  readonly voids: readonly Told<VoidItem>[];
  /** Who left the team. */
  readonly departures: readonly Told<string>[];
}

/** How long after it was told a thing is taken back that was written down for the wrong lead. */
const takenBackMs = 3 * hourMs;

/** Of which part of the year: milliseconds since 1970, whole hours. */
export interface Part {
  readonly from: number;
  /** Before it all is told once a day. */
  readonly firstCheck: number;
  readonly to: number;
}

/**
 * A part of the demo's year, and what the year leaves out: on the first of each month, whom nobody
 * has reached for ten days and nobody ever will is marked dead. Else the oldest lead would wait to
 * the end of the year.
 */
export function storyOf(year: Year, part: Part): Story {
  const { from, to } = part;
  const isWithin = (at: number) => at > from && at <= to;
  const sentAfter = (moment: string) => toldAt(Date.parse(moment), part);
  const kept = year.leads.filter(({ created_at }) => isWithin(Date.parse(created_at)));
  const sentAt = new Map(kept.map(({ id, created_at }) => [id, sentAfter(created_at)]));
  const leads = kept
    .filter(({ duplicate_of }) => duplicate_of === undefined || sentAt.has(duplicate_of))
    .map((item) => ({ item, at: sentAfter(item.created_at) }));
  const events = [...year.events, ...tidiedUp(leads, year.events)].flatMap((item) => {
    const lead = sentAt.get(item.lead_id);
    // Some call first and write the lead down afterwards.
    const at = Math.max(lead ?? 0, sentAfter(item.created_at));
    return lead === undefined || at > to ? [] : [{ item, at }];
  });
  const told = new Map(events.map(({ item, at }) => [item.id, at]));
  const voids = year.voids.flatMap((item) => {
    const at = (told.get(item.event_id) ?? Number.POSITIVE_INFINITY) + takenBackMs;
    return at > to ? [] : [{ item, at }];
  });
  const { agents, skills } = year;
  return { agents, skills, leads, events, voids, departures: departuresOf(year, to) };
}

function toldAt(at: number, { from, firstCheck }: Part): number {
  const day = from + Math.ceil((at - from) / dayMs) * dayMs;
  return day <= firstCheck ? day : Math.ceil(at / hourMs) * hourMs;
}

function tidiedUp(leads: Story['leads'], events: readonly EventItem[]): EventItem[] {
  const touched = new Set(
    events.filter(({ event_type }) => event_type !== 'assigned').map(({ lead_id }) => lead_id),
  );
  return leads
    .filter(({ item }) => !item.is_test && !item.duplicate_of && !touched.has(item.id))
    .map(({ item: { id, created_at } }) => {
      const late = new Date(Date.parse(created_at) + 10 * dayMs);
      const first = Date.UTC(late.getUTCFullYear(), late.getUTCMonth() + 1, 1, 15);
      return {
        id: v5('tidied up', id),
        lead_id: id,
        created_at: new Date(first).toISOString(),
        event_type: 'dead',
        event_source: 'agent',
      };
    });
}

/** Who is not active at the year's end left within an hour of the last thing he or she did. */
function departuresOf({ agents, events }: Year, to: number): Told<string>[] {
  return agents
    .filter(({ active }) => !active)
    .flatMap(({ id }) => {
      const last = events.findLast(({ agent_id }) => agent_id === id);
      const at = Math.ceil(Date.parse(last?.created_at ?? '') / hourMs + 1) * hourMs;
      return at <= to ? [{ item: id, at }] : [];
    });
}
