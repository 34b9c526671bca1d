/** Stories of one lead: each takes a teller, which writes the lead's events. */

import { DAY, HOUR, MINUTE, SECOND } from './local-time.ts';
import type { Cast } from './people.ts';
import type { Random } from './random.ts';
import {
  EVENT_TYPES,
  type EventFact,
  type EventType,
  type LeadFact,
  type Micros,
  SCORES,
} from './types.ts';

export type Teller = {
  random: Random;
  cast: Cast;
  lead: LeadFact;
  /** First and last microseconds of local days, and instants around clock changes. */
  edges: readonly Micros[];
  /** An event so long after the lead's creation; anything not given takes a plain value. */
  tell: (after: Micros, type: EventType, given?: Partial<EventFact>) => void;
};

type Scenario = (teller: Teller) => void;

const THRESHOLDS = [5n * MINUTE, 15n * MINUTE, HOUR, 24n * HOUR];

function agentOf({ random, cast }: Teller): { agent_id: string } {
  return { agent_id: random.pick(cast.busy).id };
}

function priced({ random }: Teller): { value: bigint } {
  return { value: BigInt(random.below(3_000_000) + 1) };
}

function scored({ random }: Teller): Partial<EventFact> {
  return { quality_score: random.pick(SCORES), qualification_reason: { points: random.below(9) } };
}

/** Some leads are scored and given to an agent as they come in. */
export function atIntake(teller: Teller): void {
  if (teller.random.chance(0.4)) teller.tell(0n, 'scored', scored(teller));
  if (teller.random.chance(0.4)) teller.tell(0n, 'assigned', agentOf(teller));
}

function happyPath(teller: Teller): void {
  const agent = agentOf(teller);
  teller.tell(0n, 'assigned', agent);
  teller.tell(0n, 'scored', scored(teller));
  teller.tell(teller.random.between(0n, 3n * HOUR), 'contacted', agent);
  teller.tell(4n * HOUR, 'contacted', agent);
  teller.tell(5n * HOUR, 'responded', { event_source: 'lead' });
  teller.tell(DAY, 'qualified', agent);
  teller.tell(2n * DAY, 'appointment_scheduled', agent);
  teller.tell(4n * DAY, 'offer_made', agent);
  teller.tell(9n * DAY, 'closed', { ...agent, ...priced(teller) });
}

function neverContacted(teller: Teller): void {
  if (teller.random.chance(0.5)) teller.tell(0n, 'assigned', agentOf(teller));
  if (teller.random.chance(0.5)) teller.tell(MINUTE, 'scored', scored(teller));
}

function answeredByMachines(teller: Teller): void {
  const skill = teller.random.pick(teller.cast.skills);
  const bySkill = { event_source: `skill:${skill.name}`, skill_id: skill.id };
  teller.tell(20n * SECOND, 'contacted', bySkill);
  teller.tell(3n * HOUR, 'contacted', { event_source: 'automation' });
  if (teller.random.chance(0.5)) teller.tell(2n * DAY, 'contacted', agentOf(teller));
}

function reassigned(teller: Teller): void {
  const [first, second] = [agentOf(teller), agentOf(teller)];
  teller.tell(0n, 'assigned', first);
  teller.tell(HOUR, 'contacted', first);
  teller.tell(2n * HOUR, 'contacted', second);
  teller.tell(3n * HOUR, 'assigned', second);
  if (teller.random.chance(0.5)) teller.tell(30n * HOUR, 'contacted', second);
}

function unassignedAgain(teller: Teller): void {
  teller.tell(MINUTE, 'assigned', agentOf(teller));
  teller.tell(7n * MINUTE, 'contacted', agentOf(teller));
  teller.tell(DAY, 'assigned', { agent_id: null });
  if (teller.random.chance(0.3)) teller.tell(2n * DAY, 'closed', priced(teller));
}

function allAtOnce(teller: Teller): void {
  for (let times = 0; times < 3; times += 1) teller.tell(HOUR, 'contacted', agentOf(teller));
  teller.tell(HOUR, 'contacted', { event_source: 'automation' });
  teller.tell(HOUR, 'assigned', agentOf(teller));
  teller.tell(HOUR, 'assigned', agentOf(teller));
  teller.tell(HOUR, 'scored', { quality_score: 'A' });
  teller.tell(HOUR, 'scored', { quality_score: 'D' });
  teller.tell(HOUR, teller.random.pick(['closed', 'dead', 'qualified']));
  teller.tell(HOUR, teller.random.pick(['closed', 'dead', 'qualified']));
}

function beforeCreation(teller: Teller): void {
  teller.tell(-2n * HOUR, 'assigned', agentOf(teller));
  teller.tell(-90n * MINUTE, 'contacted', agentOf(teller));
  teller.tell(HOUR, 'contacted', agentOf(teller));
  if (teller.random.chance(0.5)) teller.tell(-MINUTE, 'closed', priced(teller));
}

function revived(teller: Teller): void {
  teller.tell(HOUR, 'contacted', agentOf(teller));
  if (teller.random.chance(0.5)) teller.tell(2n * HOUR, 'qualified');
  teller.tell(DAY, 'dead');
  teller.tell(3n * DAY, 'contacted', agentOf(teller));
  if (teller.random.chance(0.3)) teller.tell(9n * DAY, 'dead');
}

function closedThenDead(teller: Teller): void {
  teller.tell(DAY, 'closed', priced(teller));
  teller.tell(6n * DAY, 'dead');
}

function deadThenClosed(teller: Teller): void {
  teller.tell(12n * HOUR, 'dead');
  teller.tell(3n * DAY, 'closed', priced(teller));
  if (teller.random.chance(0.4)) teller.tell(3n * DAY + 1n, 'responded');
}

function closedSeveralTimes(teller: Teller): void {
  teller.tell(0n, 'assigned', agentOf(teller));
  teller.tell(MINUTE, 'contacted', agentOf(teller));
  teller.tell(DAY, 'closed', teller.random.chance(0.5) ? {} : priced(teller));
  teller.tell(2n * DAY, 'closed', priced(teller));
  teller.tell(2n * DAY, 'closed', priced(teller));
  teller.tell(5n * DAY, 'closed');
}

function withVoided(teller: Teller): void {
  const voided = { voided: true };
  const type = teller.random.pick(['assigned', 'contacted', 'closed', 'dead'] as const);
  happyPath(teller);
  teller.tell(30n * SECOND, 'contacted', { ...agentOf(teller), ...voided });
  teller.tell(10n * DAY, 'closed', { ...priced(teller), ...voided });
  teller.tell(11n * DAY, 'dead', voided);
  teller.tell(12n * DAY, 'assigned', { agent_id: null, ...voided });
  teller.tell(12n * DAY, 'scored', { quality_score: 'D', ...voided });
  teller.tell(13n * DAY, type, type === 'assigned' ? { ...agentOf(teller), ...voided } : voided);
}

function ofTheRetired(teller: Teller): void {
  const { id: agent_id } = teller.cast.retired;
  teller.tell(0n, 'assigned', { agent_id });
  teller.tell(teller.random.pick(THRESHOLDS), 'contacted', { agent_id });
  if (teller.random.chance(0.4)) teller.tell(20n * DAY, 'closed', priced(teller));
}

/** The facts go on after the day a report is read for. */
function muchLater(teller: Teller): void {
  teller.tell(MINUTE, 'contacted', { event_source: 'automation' });
  teller.tell(40n * DAY, 'assigned', agentOf(teller));
  teller.tell(40n * DAY, 'scored', scored(teller));
  teller.tell(45n * DAY, 'closed', priced(teller));
  if (teller.random.chance(0.5)) teller.tell(50n * DAY, 'dead');
}

function skipsSteps(teller: Teller): void {
  teller.tell(DAY, 'offer_made', agentOf(teller));
  if (teller.random.chance(0.3)) teller.tell(2n * DAY, 'dead');
}

function deadUntouched(teller: Teller): void {
  teller.tell(teller.random.between(0n, 3n * DAY), 'dead');
}

function goesBack(teller: Teller): void {
  teller.tell(HOUR, 'contacted', agentOf(teller));
  teller.tell(DAY, 'appointment_scheduled', agentOf(teller));
  teller.tell(2n * DAY, 'contacted', agentOf(teller));
  teller.tell(3n * DAY, 'qualified');
}

function onThreshold(teller: Teller): void {
  const late = teller.random.pick([-1n, 0n, 1n]);
  const human = teller.random.chance(0.5) ? agentOf(teller) : { event_source: 'import' };
  teller.tell(teller.random.pick(THRESHOLDS) + late, 'contacted', human);
}

function closedOnEdge(teller: Teller): void {
  const edge = teller.random.pick(teller.edges);
  teller.tell(edge - teller.lead.created_at, 'closed', priced(teller));
}

function anything(teller: Teller): void {
  const types = EVENT_TYPES.filter((type) => type !== 'created');
  const count = teller.random.below(10);
  for (let index = 0; index < count; index += 1) {
    const type = teller.random.pick(types);
    const given: Partial<EventFact> = { voided: teller.random.chance(0.2) };
    if (teller.random.chance(0.6)) Object.assign(given, agentOf(teller));
    if (type === 'closed' && teller.random.chance(0.6)) Object.assign(given, priced(teller));
    if (type === 'scored') Object.assign(given, scored(teller));
    teller.tell(teller.random.between(-2n * DAY, 40n * DAY), type, given);
  }
}

function eagerlyAnswered(teller: Teller): void {
  const { id: agent_id } = teller.cast.eager;
  teller.tell(SECOND, 'assigned', { agent_id });
  teller.tell(teller.random.between(MINUTE, 2n * HOUR), 'contacted', { agent_id });
}

export const SCENARIOS: readonly Scenario[] = [
  happyPath,
  neverContacted,
  answeredByMachines,
  reassigned,
  unassignedAgain,
  allAtOnce,
  beforeCreation,
  revived,
  closedThenDead,
  deadThenClosed,
  closedSeveralTimes,
  withVoided,
  ofTheRetired,
  muchLater,
  skipsSteps,
  deadUntouched,
  goesBack,
  onThreshold,
  closedOnEdge,
  anything,
  eagerlyAnswered,
];
