import { nextLevel } from '../statistics/alpha-spending.ts';
import type { Interval } from '../statistics/intervals.ts';
import { type Comparison, compare, intervalOf } from './compare.ts';
import type { Facts, Outcome, Plan } from './facts.ts';
import { promise } from './futility.ts';
import { type Health, healthOf } from './health.ts';
import { daysOf, dueLook, type Look, levelOf } from './looks.ts';
import { metricOf } from './metrics.ts';
import { type Invalid, invalidity } from './validity.ts';

/** Harm so sure ends an experiment on any day, from so many people on. It spends nothing. */
const earlyHarm = { level: 0.001, leads: 20 };

/** What is decided: a person confirms it. */
export type Decision = 'KEEP' | 'KILL' | 'INCONCLUSIVE';

/** Why, in a word. The last three decide nothing: the experiment goes on. */
export type DecisionCode =
  | Invalid
  | 'GUARDRAIL_HARM'
  | 'EARLY_HARM'
  | 'WIN'
  | 'LOSS'
  | 'FUTILE'
  | 'TOO_SMALL'
  | 'UNDERPOWERED'
  | 'NO_DIFFERENCE_SHOWN'
  | 'CONTINUE'
  | 'TOO_EARLY'
  | 'WAITING_MATURITY';

/** How an experiment stands, and what follows. */
export interface Judgement {
  readonly decision: Decision | null;
  readonly code: DecisionCode;
  readonly comparison: Comparison;
  /** At the level of the look, or of the next one. */
  readonly interval: Interval | null;
  /** Up to which p a difference may be told at this look, or at the next one. */
  readonly allowed: number;
  readonly health: Health;
  /** The look of the plan that was taken; null: none was due. */
  readonly look: Look | null;
  /** The chance to see `min_effect` with all leads; null where it is not said, or cannot be. */
  readonly designPower: number | null;
}

/** Judges an experiment by the table of decisions, in its order. */
export function judge(facts: Facts, plan: Plan): Judgement {
  const [primary] = facts.metrics;
  const comparison = compare(primary);
  const health = healthOf(facts, plan);
  const look = dueLook(facts, plan);
  const allowed = levelOf(facts, plan, look);
  const ahead = look && !look.isFinal ? aheadOf(facts, plan, { ...look, allowed }) : null;
  const { designPower, isFutile } = promise({ primary, comparison, plan, ahead });
  const interval = intervalOf(primary, allowed);
  const known = { comparison, interval, allowed, health, look, designPower };
  const decide = (decision: Decision | null, code: DecisionCode) => ({ decision, code, ...known });

  const invalid = invalidity(health);
  if (invalid) return decide('INCONCLUSIVE', invalid);
  if (look && health.guardrails.some(({ verdict }) => verdict === 'harm')) {
    return decide('KILL', 'GUARDRAIL_HARM');
  }
  const leads = primary.control.n + primary.treatment.n;
  if (leads >= earlyHarm.leads && comparison.pWorse <= earlyHarm.level) {
    return decide('KILL', 'EARLY_HARM');
  }
  if (!look) return decide(null, isTooEarly(facts, plan) ? 'TOO_EARLY' : 'WAITING_MATURITY');
  if (comparison.p <= allowed) {
    return comparison.z > 0 ? decide('KEEP', 'WIN') : decide('KILL', 'LOSS');
  }
  if (!look.isFinal) return isFutile ? decide('KILL', 'FUTILE') : decide(null, 'CONTINUE');
  if (isTooSmall(primary, plan, interval)) return decide('KILL', 'TOO_SMALL');
  const isWeak = look.information < 1 || (designPower ?? 1) < plan.power;
  return decide('INCONCLUSIVE', isWeak ? 'UNDERPOWERED' : 'NO_DIFFERENCE_SHOWN');
}

/** Where the last look's boundary will lie, after this one. */
function aheadOf({ looks }: Facts, plan: Plan, now: Look & { allowed: number }) {
  const past = [
    ...looks.map(({ information, p_allowed }) => ({ information, level: p_allowed })),
    { information: now.information, level: now.allowed },
  ];
  const next = { information: 1, final: true };
  const { z: finalZ } = nextLevel({ alpha: plan.alpha, target: 1, past, next });
  return { information: now.information, finalZ };
}

function isTooEarly(facts: Facts, plan: Plan): boolean {
  return daysOf(facts) < plan.min_duration_days;
}

/** Fewer people in an arm have a mean whose interval is no more than a guess. */
const fewestForMean = 15;

/** Not even the best that the interval allows is worth its money. */
function isTooSmall(primary: Outcome, plan: Plan, interval: Interval | null): boolean {
  const { metric, control, treatment } = primary;
  if (plan.min_effect === null || interval === null) return false;
  if (metricOf(metric).isTime && Math.min(control.n, treatment.n) < fewestForMean) return false;
  const best = metricOf(metric).lessIsGood ? -interval.lower : interval.upper;
  return best < plan.min_effect;
}
