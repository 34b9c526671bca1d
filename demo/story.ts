import type { Calendar, Hour } from './calendar.ts';
import type { EventItem, LeadItem, VoidItem } from './items.ts';
import type { Random } from './random.ts';
import { responder, type Source } from './sources.ts';
import type { Agent } from './team.ts';
import type { Treatment } from './trials.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** A lead as it comes in. */
export interface Beginning {
  readonly id: string;
  readonly at: number;
  readonly source: Source;
  readonly score: LeadItem['quality_score'];
  readonly agent: Agent | undefined;
  /** What it gets as a treated lead of an experiment. */
  readonly treatment?: Treatment | undefined;
}

/** What the leads of a year have in common. */
export interface Scene {
  readonly calendar: Calendar;
  /** The days on which nobody looked, and the instant responder was down. */
  readonly unseen: readonly string[];
  /** Whose turn it is at a moment. */
  turnOf(at: number, dice: Random): Agent;
}

/** What happened to a lead, and what of it was taken back. */
export interface Story {
  readonly events: EventItem[];
  readonly voids: VoidItem[];
}

/** How far someone gets who has answered: the odds of each step by score, the days it takes. */
const steps = [
  { type: 'qualified', odds: { A: 0.66, B: 0.46, C: 0.25, D: 0.09, none: 0.28 }, days: 1.5 },
  { type: 'appointment_scheduled', odds: { A: 0.6, B: 0.53, C: 0.47, D: 0.4, none: 0.5 }, days: 2 },
  { type: 'offer_made', odds: { A: 0.55, B: 0.5, C: 0.45, D: 0.4, none: 0.47 }, days: 5 },
  { type: 'closed', odds: { A: 0.66, B: 0.6, C: 0.55, D: 0.5, none: 0.57 }, days: 12 },
];

interface Life extends Story {
  readonly lead: Beginning;
  readonly agent: Agent | undefined;
  readonly scene: Scene;
  readonly dice: Random;
  /** Something happens, unless the agent has left by then; its id. */
  tell(at: number, type: string, source: string, more?: Partial<EventItem>): string | undefined;
  /** When the agent has worked so many minutes from a moment on. */
  worked(from: number, minutes: number): number;
}

/** A lead's whole life, as far as the calendar goes. */
export function storyOf(lead: Beginning, scene: Scene, dice: Random): Story {
  const isUnseen = scene.unseen.includes(scene.calendar.hourAt(lead.at)?.date ?? '');
  const isLate = !lead.agent && !isUnseen && dice.chance(0.6);
  const agent = isLate ? scene.turnOf(lead.at, dice) : lead.agent;
  const life = lifeOf({ lead, agent, scene, dice });
  if (isUnseen) return life;
  const given = isLate ? life.worked(lead.at, dice.skewed(90, 2)) : lead.at;
  if (isLate) life.tell(given, 'assigned', 'automation');
  live(life, given);
  return life;
}

function lifeOf(given: Pick<Life, 'lead' | 'agent' | 'scene' | 'dice'>): Life {
  const { lead, agent, scene, dice } = given;
  const events: EventItem[] = [];
  const until = agent?.until ?? Number.POSITIVE_INFINITY;
  const isAtWork = ({ weekday, hour, date }: Hour) => {
    const [from, to] = agent?.hours[weekday] ?? [0, 0];
    return from <= hour && hour < to && !scene.unseen.includes(date);
  };
  return {
    ...given,
    events,
    voids: [],
    worked: (from, minutes) => scene.calendar.worked(from, minutes, isAtWork),
    tell(at, event_type, event_source, more) {
      if (at >= until || !scene.calendar.hourAt(at)) return undefined;
      const id = dice.idAt(at);
      const created_at = new Date(at).toISOString();
      const isOfAgent = agent && (event_source === 'agent' || event_type === 'assigned');
      const by = isOfAgent ? { agent_id: agent.item.id } : {};
      events.push({ id, lead_id: lead.id, created_at, event_type, event_source, ...by, ...more });
      return id;
    },
  };
}

function live(life: Life, given: number): void {
  const { lead, agent, dice, tell } = life;
  // A friend of the house: closed over dinner, and nobody wrote down a call.
  if (agent && agent.calls < 1 && lead.source.willing > 1.2 && dice.chance(0.01)) {
    tell(lead.at + dice.between(5, 40) * day, 'closed', 'agent', priced(dice));
    return;
  }
  const called = call(life, given);
  const first = respond(life) ?? called ?? chase(life);
  if (first === undefined) {
    bury(life, lead.at + 20 * day);
    return;
  }
  blunder(life, first);
  const waited = (first - lead.at) / minute;
  const promptness = waited < 15 ? 1.2 : waited < 240 ? 1 : 0.7;
  // Who is asked for budget and district by a program thinks twice.
  const readiness = lead.treatment === 'questioned' ? 0.2 : 1;
  if (!dice.chance(0.47 * promptness * readiness)) {
    bury(life, again(life, called ?? first));
    return;
  }
  const answered = first + dice.skewed(150, 3) * minute;
  tell(answered, 'responded', 'lead');
  if (agent) advance(life, Math.max(answered, called ?? 0), called !== undefined);
}

/** The agent's first call, if there is one. */
function call({ lead, agent, dice, tell, worked }: Life, given: number): number | undefined {
  if (!agent || !dice.chance(agent.calls)) return undefined;
  // Some call first and write the lead down afterwards.
  const at = dice.chance(0.003)
    ? lead.at - dice.between(5, 120) * minute
    : worked(given, dice.skewed(agent.calls_after, 2.2));
  return tell(at, 'contacted', 'agent') ? at : undefined;
}

/** A program's message: the instant responder's, or the three questions of an experiment. */
function respond({ lead, scene, dice, tell }: Life): number | undefined {
  const isOn = lead.at >= scene.calendar.ago(responder.days).at;
  const isAnswered = isOn && responder.sources.includes(lead.source.name);
  if (!isAnswered && !lead.treatment) return undefined;
  const at = lead.at + dice.between(6, 45) * 1000;
  const skill = lead.treatment === 'questioned' ? 'question-sender' : 'instant-responder';
  tell(at, 'contacted', `skill:${skill}`);
  return at;
}

/** On the third day a mail goes to some whom nobody has called. */
function chase({ lead, dice, tell }: Life): number | undefined {
  const at = lead.at + 3 * day;
  return dice.chance(0.3) && tell(at, 'contacted', 'automation') ? at : undefined;
}

/** Further calls to someone who does not answer; when the last one was. */
function again({ agent, dice, tell, worked }: Life, first: number): number {
  let last = first;
  for (let calls = 0; agent && calls < 3 && dice.chance(0.3); calls += 1) {
    last = worked(last + dice.between(0.8, 2) * day, 10);
    tell(last, 'contacted', 'agent');
  }
  return last;
}

/** From the answer on, as far as it gets. */
function advance(life: Life, answered: number, isCalled: boolean): void {
  const { lead, agent, dice, tell, worked } = life;
  const odds = (lead.source.willing * (agent?.closing ?? 1)) ** 0.3;
  let at = answered;
  if (!isCalled) {
    at = worked(at, dice.between(5, 90));
    tell(at, 'contacted', 'agent');
  }
  if (dice.chance(0.1)) rescore(life, at);
  for (const step of steps) {
    if (!dice.chance(step.odds[lead.score ?? 'none'] * odds)) {
      bury(life, at);
      return;
    }
    at = worked(at + dice.skewed(step.days, 1.7) * day, 5);
    tell(at, step.type, 'agent', step.type === 'closed' ? priced(dice) : {});
  }
}

/** Some are given up; the others are forgotten and stay as they are. */
function bury({ dice, tell }: Life, from: number): void {
  if (dice.chance(0.6)) tell(from + dice.skewed(16, 1.6) * day, 'dead', 'agent');
}

function rescore({ lead, dice, tell }: Life, at: number): void {
  const quality_score = lead.score === 'C' || lead.score === 'D' ? 'B' : 'A';
  const qualification_reason = { wants: dice.pick(['to buy', 'to sell', 'an estimate']) };
  tell(at, 'scored', 'skill:lead-scorer', { details: { quality_score, qualification_reason } });
}

/** Something is written down for the wrong lead, and taken back. */
function blunder({ agent, dice, tell, voids }: Life, from: number): void {
  if (!agent || !dice.chance(0.002)) return;
  const type = dice.pick(['closed', 'dead', 'appointment_scheduled']);
  const at = from + dice.between(1, 4) * day;
  const event_id = tell(at, type, 'agent', type === 'closed' ? priced(dice) : {});
  if (event_id) voids.push({ event_id, by: agent.name, reason: 'Written down for the wrong lead' });
}

/** A sale; now and then nobody has said for how much. */
function priced(dice: Random): Partial<EventItem> {
  const value = Math.round(dice.skewed(5200, 1.5) * 100) / 100;
  return dice.chance(0.05) ? {} : { value };
}
