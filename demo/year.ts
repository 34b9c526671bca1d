import { type Calendar, calendarOf, earlierDate } from './calendar.ts';
import {
  type AgentItem,
  type EventItem,
  type LeadItem,
  type SkillItem,
  type SpendItem,
  scores,
  type VoidItem,
} from './items.ts';
import { type Random, randomFrom } from './random.ts';
import { spendOf } from './spend.ts';
import { type Scene, storyOf } from './story.ts';
import { type Agent, agentsOf, cast, skillsOf } from './team.ts';
import { armOf, type Trial, trialsOf } from './trials.ts';
import { type Visit, visitsOf } from './visits.ts';

/** What a team has seen; leads and events in the order of time. */
export interface Year {
  readonly agents: readonly AgentItem[];
  readonly skills: readonly SkillItem[];
  /** The experiments, earliest first. */
  readonly trials: readonly Trial[];
  readonly leads: readonly LeadItem[];
  readonly events: readonly EventItem[];
  /** Events that were taken back. */
  readonly voids: readonly VoidItem[];
  readonly spend: readonly SpendItem[];
  /** The week-end on which nobody looked: its Saturday, and the Monday after. */
  readonly unseen: { readonly from: string; readonly to: string };
  /** The day of the end in the zone, and the first day of the year. */
  readonly today: string;
  readonly firstDay: string;
}

/** Days it goes on after its end, for those who want to see more come. */
const daysAhead = 40;

/**
 * The 365 days before the day of `end` (milliseconds since 1970), that day, and what is still to
 * come then; about `leads` in the year. The same options give the same year, to the last id.
 */
export function yearOf(options: {
  seed: number;
  end: number;
  timezone: string;
  leads?: number;
}): Year {
  const { seed, leads = 20_000 } = options;
  const random = randomFrom(seed);
  const calendar = calendarOf({ ...options, ahead: daysAhead });
  const agents = agentsOf(calendar, random);
  const unseen = unseenDays(calendar);
  const skills = skillsOf(calendar, random);
  const trials = trialsOf(calendar, skills);
  const scene = { calendar, unseen, trials, turnOf: turnsOf(agents, calendar, unseen) };
  const spend = spendOf(calendar, leads, random);
  const told = visitsOf(calendar, leads, random).map((visit, index) =>
    // Dice of its own: a change in one story leaves the others as they are.
    tellOf(visit, index, scene, randomFrom(seed ^ Math.imul(index + 1, 0x9e3779b1))),
  );
  return {
    agents: agents.map(({ item }) => item),
    skills,
    trials,
    spend,
    leads: told.map(({ lead }) => lead),
    events: told.flatMap(({ events }) => events).sort(byTime),
    voids: told.flatMap(({ voids }) => voids),
    unseen: { from: unseen[0] ?? '', to: earlierDate(unseen[1] ?? '', -1) },
    today: calendar.ago(0).date,
    firstDay: calendar.ago(365).date,
  };
}

/** A list's part before a moment, and the part from it on. */
export function splitAt<T extends { created_at: string }>(items: readonly T[], at: number) {
  const from = new Date(at).toISOString();
  const found = items.findIndex(({ created_at }) => created_at >= from);
  const count = found < 0 ? items.length : found;
  return { before: items.slice(0, count), after: items.slice(count) };
}

/** Earlier ones first. */
export function byTime(one: { created_at: string }, other: { created_at: string }): number {
  if (one.created_at === other.created_at) return 0;
  return one.created_at < other.created_at ? -1 : 1;
}

/** The last week-end that is over for a week at least: 9 to 15 days ago. */
function unseenDays({ hours, ago }: Calendar): string[] {
  const [latest, earliest] = [ago(9).date, ago(15).date];
  const saturday = hours.find(
    ({ date, weekday }) => weekday === 6 && date >= earliest && date <= latest,
  );
  return saturday ? [saturday.date, earlierDate(saturday.date, -1)] : [];
}

function turnsOf(agents: readonly Agent[], { hourAt }: Calendar, unseen: readonly string[]) {
  return (at: number, dice: Random) => {
    const isUnseen = unseen.includes(hourAt(at)?.date ?? '');
    const here = agents.filter(
      ({ from, until, name }) => from <= at && at < until && !(isUnseen && name === cast.ticksOff),
    );
    return dice.weighted(here, ({ share }) => share);
  };
}

function tellOf(
  visit: Visit,
  index: number,
  scene: Scene & { readonly trials: readonly Trial[] },
  dice: Random,
) {
  const { id, at, source, person, isTest, original } = visit;
  const agent = dice.chance(0.93) ? scene.turnOf(at, dice) : undefined;
  const drawn = dice.between(0, 100);
  const score = scores.find((_, place) => drawn < sum(source.scored.slice(0, place + 1)));
  const [utm_source, utm_medium, ...campaigns] = source.utm ?? [];
  const campaign = campaigns[index % (campaigns.length + 1)];
  const lead: LeadItem = {
    id,
    external_id: `visit-${index + 1}`,
    source: source.name,
    created_at: new Date(at).toISOString(),
    ...(isTest ? { ...person, first_name: 'Test', last_name: 'Test', is_test: true } : person),
    ...(utm_source && utm_medium && { utm_source, utm_medium }),
    ...(campaign && { utm_campaign: campaign }),
    ...(agent && { agent_id: agent.item.id }),
    ...(score && { quality_score: score }),
    ...(original && { duplicate_of: original }),
  };
  if (isTest || original) return { lead, events: [], voids: [] };
  const treatment = armOf(scene.trials, lead)?.treatment;
  const { events, voids } = storyOf({ ...visit, agent, score, treatment }, scene, dice);
  return { lead, events, voids };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
