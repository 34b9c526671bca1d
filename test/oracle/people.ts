/** The fixed cast of a generated history: agents, skills, sources, campaigns. */

import type { Random } from './random.ts';
import type { Agent, Facts, LeadFact, Skill } from './types.ts';

export type History = Facts & { skills: readonly Skill[] };

/** '' is the blank source; the three spellings tell byte order from a language's order. */
export const SOURCES = [
  'zillow',
  '',
  'facebook',
  'open house',
  'open-house',
  'openhouse',
  'référence',
  'direct',
];

export const CAMPAIGNS = [null, 'spring', '', 'Spring', 'autumn-2', 'Über', '100% free'];

/** Who asks: some come back, some share the number of an office, some say nothing of themselves. */
export type Person = Pick<
  LeadFact,
  'first_name' | 'last_name' | 'email_normalised' | 'phone_normalised'
>;

export function personOf(random: Random): Person {
  const known = random.chance(0.4);
  const number = known ? random.below(20) : 1000 + random.below(1_000_000);
  const office = random.chance(0.04);
  return {
    first_name: random.pick(['Ada', 'Sam', 'Élodie', null]),
    last_name: random.pick(['Lee', 'Byron', null]),
    email_normalised: random.chance(0.6) ? `person-${number}@example.com` : null,
    phone_normalised: office
      ? '+14155550100'
      : random.chance(0.6)
        ? `+1${2_000_000_000 + number}`
        : null,
  };
}

export type Cast = {
  /** Given leads. */
  busy: Agent[];
  /** Contacts every lead there is, or says so. */
  eager: Agent;
  /** Active, never named by any event. */
  idle: Agent;
  /** Inactive, with leads. */
  retired: Agent;
  /** Inactive, never named by any event. */
  gone: Agent;
  skills: Skill[];
};

export function castOf(random: Random): Cast {
  const agent = (first_name: string, last_name: string, active = true): Agent => ({
    id: random.uuid(),
    first_name,
    last_name,
    active,
  });
  return {
    busy: [
      agent('Ada', 'Byron'),
      agent('Sam', 'Same'),
      agent('Sam', 'Same'),
      agent('ada', 'lower'),
      agent('Élodie', 'Durand'),
    ],
    eager: agent('Eva', 'Eager'),
    idle: agent('Ian', 'Idle'),
    retired: agent('Rita', 'Retired', false),
    gone: agent('Gus', 'Gone', false),
    skills: [
      { id: random.uuid(), name: 'instant-responder' },
      { id: random.uuid(), name: 'lead-scorer' },
    ],
  };
}

export function agentsOf(cast: Cast): Agent[] {
  return [...cast.busy, cast.eager, cast.idle, cast.retired, cast.gone];
}
