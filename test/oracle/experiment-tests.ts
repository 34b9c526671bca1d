/** What is tested of an experiment: the statistics themselves are held against known answers. */

import { nextLevel } from '../../core/statistics/alpha-spending.ts';
import { boschloo } from '../../core/statistics/boschloo.ts';
import { fisher } from '../../core/statistics/fisher.ts';
import { newcombe } from '../../core/statistics/intervals.ts';
import { mannWhitney } from '../../core/statistics/mann-whitney.ts';
import { normalQuantile } from '../../core/statistics/normal.ts';
import { sampleRatio } from '../../core/statistics/sample-ratio.ts';
import type { Arms, Person } from './experiment-people.ts';
import { DAY, MINUTE } from './local-time.ts';
import type { Experiment, Micros, Row } from './types.ts';

type Seen = {
  experiment: Experiment;
  arms: Arms;
  people: readonly Person[];
  /** When it is seen: at its end, where that was before the report's moment. */
  then: Micros;
  as_of: Micros;
  isOver: boolean;
  /** False to an agent. */
  whole: boolean;
};

const NOTHING: Row = {
  difference_points_low: null,
  difference_points_high: null,
  difference_minutes_low: null,
  difference_minutes_high: null,
  p_value: null,
  p_allowed: null,
  health: null,
};

/** Interval, p, its level and health; to an agent nothing of it. */
export function testsOf(seen: Seen): Row {
  if (!seen.whole) return NOTHING;
  const allowed = seen.isOver ? levelAtEnd(seen) : levelNow(seen);
  const health = healthOf(seen);
  if (allowed === null) return { ...NOTHING, health };
  const isEmpty = !seen.arms.control.mature.length || !seen.arms.treatment.mature.length;
  const isTime = seen.experiment.primary_metric === 'time_to_contact';
  const compared = isEmpty ? {} : isTime ? minutesOf(seen, allowed) : ratesOf(seen, allowed);
  return { ...NOTHING, ...compared, p_allowed: allowed, health };
}

const shown = (value: number) => Math.round(100 * value) / 100;

function ratesOf({ arms: { control, treatment } }: Seen, level: number): Row {
  const rates = {
    treatment: { successes: treatment.x, leads: treatment.mature.length },
    control: { successes: control.x, leads: control.mature.length },
  };
  const { lower, upper } = newcombe(rates, level);
  return {
    difference_points_low: shown(100 * lower),
    difference_points_high: shown(100 * upper),
    p_value: boschloo(rates).twoSided,
  };
}

function minutesOf({ arms: { control, treatment } }: Seen, level: number): Row {
  const p_value = mannWhitney({
    treatment: treatment.times.map(Number),
    control: control.times.map(Number),
  }).twoSided;
  const [one, other] = [momentsOf(treatment.times), momentsOf(control.times)];
  if (level === 0 || one.square === null || other.square === null) return { p_value };
  const half = -normalQuantile(level / 2) * Math.sqrt(one.square + other.square);
  return {
    p_value,
    difference_minutes_low: shown(one.mean - other.mean - half),
    difference_minutes_high: shown(one.mean - other.mean + half),
  };
}

/** The mean, and the square of its standard error. */
function momentsOf(times: readonly Micros[]): { mean: number; square: number | null } {
  const minutes = times.map((time) => Number(time) / Number(MINUTE));
  const mean = minutes.reduce((total, one) => total + one, 0) / minutes.length;
  const squares = minutes.reduce((total, one) => total + (one - mean) ** 2, 0);
  if (minutes.length < 2) return { mean, square: null };
  return { mean, square: squares / (minutes.length - 1) / minutes.length };
}

function takenBy({ experiment, as_of }: Seen) {
  return experiment.taken.filter((look) => look.taken_at <= as_of);
}

function levelAtEnd(seen: Seen): number | null {
  return takenBy(seen).at(-1)?.p_allowed ?? null;
}

/** The level of the look that is due, or of the one that comes next. */
function levelNow(seen: Seen): number {
  const { experiment, arms, then } = seen;
  const { alpha, looks, target_sample_size, min_duration_days, max_duration_days } = experiment;
  const taken = takenBy(seen).filter(({ planned }) => planned !== null);
  const behind = taken.at(-1)?.planned ?? 0;
  const spent = taken.map(({ information, p_allowed }) => ({ information, level: p_allowed ?? 0 }));
  if (behind === looks.length) return spent.at(-1)?.level ?? 0;
  const now = (arms.control.mature.length + arms.treatment.mature.length) / target_sample_size;
  const ran = then - (experiment.started_at ?? experiment.created_at);
  const isLast = ran >= BigInt(max_duration_days) * DAY;
  const reached = isLast ? looks.length : looks.filter((share) => share <= now).length;
  const isDue = reached > behind && (isLast || ran >= BigInt(min_duration_days) * DAY);
  const information = isDue ? now : Math.max(now, looks[behind] ?? 1);
  if (information <= (spent.at(-1)?.information ?? 0)) return spent.at(-1)?.level ?? 0;
  const final = isDue ? reached === looks.length : information >= 1;
  return nextLevel({ alpha, target: 1, past: spent, next: { information, final } }).level;
}

function healthOf(seen: Seen): string {
  const { evaluated_at, warnings } = seen.experiment;
  const told = evaluated_at !== null && evaluated_at <= seen.as_of ? warnings : [];
  const invalid = seen.isOver ? invalidAtEnd(seen.experiment) : invalidNow(seen);
  return [...invalid, ...told].join(' ') || 'ok';
}

function invalidAtEnd({ decision_code }: Experiment): string[] {
  return decision_code?.startsWith('INVALID') ? [decision_code] : [];
}

function invalidNow({ people, experiment }: Seen): string[] {
  const order = people.map((person) => person.treated);
  if (sampleRatio(order, experiment.traffic_split).health !== 'fine') return ['INVALID_SRM'];
  const mixed = people.filter((person) => person.reason === 'both_arms');
  if (mixed.length >= 3 && mixed.length >= people.length / 100) return ['INVALID_CONTAMINATION'];
  const others = people.filter((person) => person.reason !== 'both_arms');
  const arm = (treated: boolean) => {
    const those = others.filter((person) => person.treated === treated);
    return {
      successes: those.filter((person) => person.reason !== null).length,
      leads: those.length,
    };
  };
  const { twoSided } = fisher({ treatment: arm(true), control: arm(false) });
  return twoSided < 0.01 ? ['INVALID_EXCLUSION'] : [];
}
