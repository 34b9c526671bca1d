import { boschloo, pooledZ } from '../statistics/boschloo.ts';
import { type Interval, newcombe } from '../statistics/intervals.ts';
import { rankTest } from '../statistics/mann-whitney.ts';
import { normalQuantile } from '../statistics/normal.ts';
import type { PValues } from '../statistics/rates.ts';
import type { ArmOutcome, Outcome } from './facts.ts';
import { metricOf } from './metrics.ts';

/** How treatment compares with control in one metric: shares between 0 and 1, or minutes. */
export interface Comparison {
  readonly control: number | null;
  readonly treatment: number | null;
  /** Treatment's minus control's; null while an arm is empty. */
  readonly difference: number | null;
  /** In percent of control's; null where that is 0. */
  readonly lift: number | null;
  /** Two-sided, and of each side: that treatment is not better, not worse. */
  readonly p: number;
  readonly pBetter: number;
  readonly pWorse: number;
  /** In standard deviations, good is positive. */
  readonly z: number;
  /** Of minutes: how often a treated lead is contacted sooner than one of control. */
  readonly winProbability: number | null;
}

/** Compares the arms: Boschloo's test for rates, the worst-rank test for minutes. */
export function compare(outcome: Outcome): Comparison {
  const { isTime, lessIsGood } = metricOf(outcome.metric);
  const control = armValue(outcome.control, isTime);
  const treatment = armValue(outcome.treatment, isTime);
  const difference = control === null || treatment === null ? null : treatment - control;
  const lift = difference === null || !control ? null : (100 * difference) / control;
  const test = isTime ? testOfMinutes(outcome) : testOfRates(outcome);
  const { greater, less, twoSided, z, winProbability } = test;
  const sides = lessIsGood
    ? { pBetter: less, pWorse: greater }
    : { pBetter: greater, pWorse: less };
  // -0 would be told as "-0".
  const goodZ = lessIsGood ? 0 - z : z;
  return { control, treatment, difference, lift, p: twoSided, ...sides, z: goodZ, winProbability };
}

/**
 * The interval of the difference at a level: Newcombe's for rates; for mean minutes the normal one,
 * which is their sampling error and no inversion of the rank test. Null while an arm is too small.
 */
export function intervalOf(outcome: Outcome, level: number): Interval | null {
  const { control, treatment } = outcome;
  if (control.n === 0 || treatment.n === 0) return null;
  if (!metricOf(outcome.metric).isTime) return newcombe(ratesOf(outcome), level);
  const error = errorOfMinutes(outcome);
  if (!error || level <= 0) return null;
  const difference = (treatment.mean ?? 0) - (control.mean ?? 0);
  const half = -normalQuantile(level / 2) * error;
  return { lower: difference - half, upper: difference + half };
}

/** The standard error of the difference of mean minutes; null without two people in each arm. */
export function errorOfMinutes({ control, treatment }: Outcome): number | null {
  if (control.variance === null || treatment.variance === null) return null;
  return Math.sqrt(control.variance / control.n + treatment.variance / treatment.n);
}

/** The arms as the tests of rates take them. */
export function ratesOf({ control, treatment }: Outcome) {
  return {
    treatment: { successes: treatment.x, leads: treatment.n },
    control: { successes: control.x, leads: control.n },
  };
}

function armValue({ n, x, mean }: ArmOutcome, isTime: true | undefined): number | null {
  if (n === 0) return null;
  return isTime ? mean : x / n;
}

type Test = PValues & { z: number; winProbability: number | null };

function testOfRates(outcome: Outcome): Test {
  const { control, treatment } = outcome;
  const none = { winProbability: null };
  if (control.n === 0 || treatment.n === 0) {
    return { greater: 1, less: 1, twoSided: 1, z: 0, ...none };
  }
  return { ...boschloo(ratesOf(outcome)), z: pooledZ(ratesOf(outcome)) ?? 0, ...none };
}

function testOfMinutes({ control, treatment, ...ranks }: Outcome): Test {
  return rankTest({
    treatment: treatment.n,
    control: control.n,
    rankSum: ranks.rank_sum ?? 0,
    ties: ranks.ties ?? 0,
    doubled: ranks.doubled_ranks,
  });
}
