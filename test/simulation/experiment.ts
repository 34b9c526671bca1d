import type { Facts, Plan, Taken } from '../../core/experiments/facts.ts';
import { type Decision, type DecisionCode, judge } from '../../core/experiments/judge.ts';
import { resultOf } from '../../core/experiments/result.ts';
import { factsOf, type Metrics } from './facts.ts';
import { arrivals, type Person, type World } from './people.ts';
import type { Random } from './random.ts';

/** An experiment and the world that it is done in. */
export interface Setting extends World {
  readonly plan: Plan;
  readonly metrics: Metrics;
}

/** How an experiment ended. */
export interface Ending {
  readonly decision: Decision | null;
  readonly code: DecisionCode;
  /** Whose time was up. */
  readonly leads: number;
  readonly day: number;
  /** How many looks of the plan were behind it. */
  readonly looks: number;
}

/** A new experiment as it is by default, with no look put off: each is where it is planned. */
export const plan: Plan = {
  traffic_split: 0.5,
  target_sample_size: 100,
  min_duration_days: 0,
  max_duration_days: 90,
  alpha: 0.05,
  power: 0.8,
  looks: [0.5, 0.75, 1],
  min_effect: null,
  baseline_rate: null,
};

/** The facts of each daily run; `looks` is the ledger that whoever reads them keeps. */
export function* dailyFacts(setting: Setting, random: Random, looks: readonly Taken[] = []) {
  const people: Person[] = [];
  for (let day = 1; day <= setting.plan.max_duration_days; day += 1) {
    people.push(...arrivals(setting, day - 1, random));
    yield { day, facts: factsOf({ people, metrics: setting.metrics, day, looks }) };
  }
}

/** Does an experiment as the daily evaluation does: what it would store, the next run reads. */
export function conduct(setting: Setting, random: Random): Ending {
  const { plan } = setting;
  const looks: Taken[] = [];
  for (const { day, facts } of dailyFacts(setting, random, looks)) {
    const judgement = judge(facts, plan);
    const { decision, code, look } = judgement;
    if (look || decision) take(resultOf(facts, plan, judgement), looks);
    if (decision) return { decision, code, leads: leadsOf(facts), day, looks: looks.length };
  }
  throw new Error('An experiment is over at its longest duration');
}

/** As `add_look` stores it: what ends an experiment between looks is none of the plan. */
function take(result: ReturnType<typeof resultOf>, looks: Taken[]): void {
  const { planned, information, p_allowed, decision_reason } = result;
  if (/NaN|Infinity|undefined|-0\b/.test(decision_reason)) throw new Error(decision_reason);
  if (planned !== null) looks.push({ planned, information, p_allowed });
}

/** Whose time is up, of both arms. */
export function leadsOf({ metrics: [primary] }: Facts): number {
  return primary.control.n + primary.treatment.n;
}
