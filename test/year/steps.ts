import type { Lead } from './facts.ts';
import {
  leadsBehind,
  type Moment,
  momentsOf,
  type Reading,
  readingsOf,
  recentOf,
} from './readings.ts';
import type { RuleBody } from './rules.ts';
import { hourMs, type Story } from './story.ts';

/** A step of an incident that has to be told, and with which figures. */
export interface Step {
  readonly at: number;
  readonly rule: string;
  readonly source: string | null;
  readonly agent_id: string | null;
  readonly transition: 'opened' | 'reminded' | 'resolved';
  readonly reason: 'recovered' | 'agent_gone' | 'source_gone' | null;
  readonly figures: Figures;
  readonly lead_ids: readonly string[];
}

type Figures = Pick<Reading, 'value' | 'sample' | 'leads' | 'waiting_leads'>;

/** Told so often, an incident is acknowledged before the next hour. */
export const remindersHeard = 3;

interface Open {
  readonly rule: RuleBody;
  readonly value: string | null;
  figures: Figures;
  lead_ids: readonly string[];
  toldAt: number;
  reminders: number;
}

/**
 * Every step that has to be told between two hours, hour by hour, by the definitions and nothing of
 * the product.
 */
export function expectedSteps(given: {
  leads: readonly Lead[];
  rules: readonly RuleBody[];
  departures: Story['departures'];
  from: number;
  to: number;
}): Step[] {
  const { leads, rules, departures, from, to } = given;
  const momentAt = momentsOf(leads);
  const open = rules.map(() => new Map<string | null, Open>());
  const steps: Step[] = [];
  for (let at = from; at <= to; at += hourMs) {
    const moment = momentAt(at);
    const gone = departures.filter((one) => one.at <= at).map(({ item }) => item);
    for (const [place, rule] of rules.entries()) {
      const mine = open[place] as Map<string | null, Open>;
      const readings = readingsOf(rule, moment, [...mine.keys()]);
      if (rule.split_by === 'agent') for (const id of gone) readings.delete(id);
      for (const value of new Set([...mine.keys(), ...readings.keys()])) {
        const isGone = rule.split_by === 'agent' && gone.includes(value ?? '');
        const goneAs = isGone ? 'agent_gone' : hasNone(rule, moment, value) ? 'source_gone' : null;
        const turn = { rule, value, moment, goneAs, reading: readings.get(value) } as const;
        const step = stepOf(turn, mine);
        if (step) steps.push(step);
      }
    }
  }
  return steps;
}

/** Of such a source no lead is expected any more. */
function hasNone(rule: RuleBody, moment: Moment, value: string | null): boolean {
  if (rule.metric !== 'leads_received' || rule.split_by !== 'source') return false;
  return !recentOf(rule, moment).includes(value);
}

interface Turn {
  readonly rule: RuleBody;
  readonly value: string | null;
  readonly moment: Moment;
  readonly goneAs: 'agent_gone' | 'source_gone' | null;
  readonly reading: Reading | undefined;
}

/** What becomes of one incident, or of none: at most one step. */
function stepOf(
  { rule, value, moment, goneAs, reading }: Turn,
  open: Map<string | null, Open>,
): Step | undefined {
  const { at } = moment;
  const known = open.get(value);
  const tell = (
    transition: Step['transition'],
    reason: Step['reason'],
    { figures, lead_ids }: Pick<Open, 'figures' | 'lead_ids'>,
  ): Step => ({
    ...{ at, rule: rule.name, transition, reason, figures, lead_ids },
    source: rule.split_by === 'source' ? value : (rule.source ?? null),
    agent_id: rule.split_by === 'agent' ? value : null,
  });
  const behind = (isOpen: boolean) => leadsBehind(rule, moment, { value, isOpen });
  if (!known) {
    if (!reading?.breaks) return undefined;
    const lead_ids = behind(false);
    open.set(value, { rule, value, figures: reading, lead_ids, toldAt: at, reminders: 0 });
    return tell('opened', null, { figures: reading, lead_ids });
  }
  if (reading) known.figures = reading;
  if (goneAs || reading?.recovers) {
    open.delete(value);
    return tell('resolved', goneAs ?? 'recovered', known);
  }
  const { reminder_hours = Number.POSITIVE_INFINITY } = rule;
  if (!reading) return undefined;
  if (known.reminders >= remindersHeard || at < known.toldAt + reminder_hours * hourMs) {
    return undefined;
  }
  known.toldAt = at;
  known.reminders += 1;
  known.lead_ids = behind(true);
  return tell('reminded', null, known);
}
