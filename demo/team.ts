import type { Calendar } from './calendar.ts';
import type { AgentItem, SkillItem } from './items.ts';
import type { Random } from './random.ts';

/** From which hour of the zone to which someone works, from Sunday to Saturday. */
type Week = readonly (readonly [number, number])[];

const week = (sunday: Week[0], workday: Week[0], saturday: Week[0]) =>
  [sunday, ...Array.from({ length: 5 }, () => workday), saturday] as Week;
const off = [0, 0] as const;
const office = week(off, [9, 18], off);
const sixDays = week(off, [8, 19], [9, 16]);
const everyDay = week([9, 19], [7, 21], [8, 20]);
const always = week([0, 24], [0, 24], [0, 24]);

type Row = readonly [string, string, number, number, number, number, Week];

const rows: readonly Row[] = [
  // name, team, share of the leads, working minutes until half of the first calls, of how many
  // leads that are called at all, how well talks go, hours
  ['Tessa Vale', 'north', 1.2, 4, 0.97, 1.5, everyDay],
  ['Marcus Dunn', 'north', 1.1, 8, 0.95, 1.3, everyDay],
  ['Priya Lowell', 'city', 1.1, 10, 0.95, 1.35, everyDay],
  ['Hannah Frost', 'south', 1.1, 14, 0.93, 1.2, sixDays],
  ['Diego Arroyo', 'city', 1, 18, 0.93, 1.15, everyDay],
  ['Ruth Calder', 'north', 1, 22, 0.92, 1.1, sixDays],
  ['Samir Holt', 'south', 1, 25, 0.92, 1, sixDays],
  ['Wendy Tran', 'city', 1, 30, 0.91, 1.1, everyDay],
  ['Paul Ashby', 'north', 1, 35, 0.9, 1, sixDays],
  ['Nadia Brandt', 'south', 1, 40, 0.9, 0.95, sixDays],
  ['Curtis Lane', 'city', 0.9, 50, 0.9, 1, office],
  ['Elena Moss', 'north', 0.9, 60, 0.89, 0.9, sixDays],
  ['Jonas Reed', 'south', 0.9, 75, 0.88, 0.85, office],
  ['Olivia Stark', 'city', 0.9, 90, 0.88, 0.95, office],
  ['Trevor Quill', 'north', 0.8, 120, 0.86, 0.8, office],
  ['Bianca Rowe', 'south', 0.8, 180, 0.84, 0.75, office],
  ['Gordon Pike', 'city', 0.8, 420, 0.72, 0.55, office],
  ['Dale Hobbs', 'south', 0.9, 0.3, 1, 0.3, always],
  ['Irene Castle', 'north', 1.2, 45, 0.9, 1, sixDays],
  ['Owen Marsh', 'city', 0.2, 20, 0.95, 1, sixDays],
];

/** Who the story is about. */
export const cast = {
  fastest: 'Tessa Vale',
  slowest: 'Gordon Pike',
  /** Ticks every lead off within seconds, by day and by night: no one calls like that. */
  ticksOff: 'Dale Hobbs',
  /** Has left, and nobody took over the open leads. */
  gone: 'Irene Castle',
  /** Has too few leads to be ranked. */
  newcomer: 'Owen Marsh',
};

/** Days before the end on which someone came or went. */
const joined: Readonly<Record<string, number>> = { [cast.newcomer]: 12 };
const left: Readonly<Record<string, number>> = { [cast.gone]: 62 };

/** Somebody of the team, and how he or she works. */
export interface Agent {
  readonly name: string;
  readonly share: number;
  readonly calls_after: number;
  readonly calls: number;
  readonly closing: number;
  readonly hours: Week;
  /** Here from the first moment up to the second. */
  readonly from: number;
  readonly until: number;
  readonly item: AgentItem;
}

/** The twenty of the team, as they are at the end of the year. */
export function agentsOf(calendar: Calendar, random: Random): Agent[] {
  const idOf = () => random.idAt(calendar.ago(365).at);
  return rows.map(([name, team, share, calls_after, calls, closing, hours]) => {
    const [first_name = '', last_name = ''] = name.split(' ');
    const external_id = name.toLowerCase().replace(' ', '-');
    const email = `${external_id}@example.com`;
    const active = left[name] === undefined;
    return {
      ...{ name, share, calls_after, calls, closing, hours },
      from: joined[name] === undefined ? 0 : calendar.ago(joined[name]).at,
      until: active ? Number.POSITIVE_INFINITY : calendar.ago(left[name] ?? 0).at,
      item: { id: idOf(), external_id, first_name, last_name, email, team, active },
    };
  });
}

/** Of its own, so that the dice of all that follows fall as they did. */
const questionSender = '0193c0de-0000-7000-8000-000000000001';

/** The programs that act on leads. */
export function skillsOf(calendar: Calendar, random: Random): SkillItem[] {
  const skill = (name: string, skill_type: string, status: string, description: string) => ({
    ...{ id: random.idAt(calendar.ago(365).at), name, skill_type, status, description },
  });
  return [
    // Active once an experiment has shown what it is worth.
    skill('instant-responder', 'automation', 'testing', 'Texts back in a minute, day and night'),
    skill('lead-scorer', 'scoring', 'active', 'Scores a lead again once it has answered'),
    // Last: those before it keep their ids.
    {
      ...{ id: questionSender, name: 'question-sender', skill_type: 'automation' },
      ...{ status: 'testing', description: 'Asks for budget and district before anybody calls' },
    },
  ];
}
