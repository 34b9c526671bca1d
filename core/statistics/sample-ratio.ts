import { binomialTest } from './binomial.ts';
import { normalUpperTail } from './normal.ts';

/** Fewer assigned leads than this raise no alarm. */
const least = 16;

/** Whether an experiment's split is what it should be. */
export type SampleRatio = {
  /** Evidence against the split now, and the most there ever was: 1 is none. */
  bayesFactor: number;
  largest: number;
  /** p of the exact binomial test and of Pearson's, for who knows these; they decide nothing. */
  exact: number;
  pearson: number;
  /** `alarm` from 100, `severe` from 1,000 at any time; below 16 leads `fine`. */
  health: 'fine' | 'alarm' | 'severe';
};

/**
 * Sample ratio mismatch, looked at after every lead (Lindon and Malek 2020): the Bayes factor of
 * any split, with the prior Beta(10 s, 10 (1 − s)), against the split s. That it ever reaches 100
 * has a probability of at most 1 % where the split is right. `assignments` in their order, true for
 * treatment. Throws a RangeError unless the split lies between 0 and 1.
 */
export function sampleRatio(assignments: readonly boolean[], split: number): SampleRatio {
  if (!(split > 0 && split < 1)) throw new RangeError('A split lies between 0 and 1');
  const weights = [split, 1 - split];
  const logs = logBayesFactors({
    arms: assignments.map((treated) => (treated ? 0 : 1)),
    weights,
    prior: weights.map((weight) => 10 * weight),
  });
  const largest = logs.reduce((most, log) => Math.max(most, log), 0);
  const treatment = assignments.filter(Boolean).length;
  const enough = assignments.length >= least;
  return {
    bayesFactor: finite(logs.at(-1) ?? 0),
    largest: finite(largest),
    exact: binomialTest(treatment, assignments.length, split),
    pearson: pearson({ treatment, control: assignments.length - treatment, split }).p,
    health:
      !enough || largest < Math.log(100) ? 'fine' : largest < Math.log(1000) ? 'alarm' : 'severe',
  };
}

/**
 * The logarithm of the Bayes factor after each lead, any number of arms: the product of what the
 * Dirichlet prior foretold for it over its weight. Error below 1e-12 per thousand leads.
 */
export function logBayesFactors(order: {
  arms: readonly number[];
  weights: readonly number[];
  prior: readonly number[];
}): number[] {
  const seen = [...order.prior];
  let total = seen.reduce((sum, one) => sum + one, 0);
  let log = 0;
  return order.arms.map((arm) => {
    const before = seen[arm] ?? 0;
    log += Math.log(before / total / (order.weights[arm] ?? 1));
    seen[arm] = before + 1;
    total += 1;
    return log;
  });
}

/**
 * Pearson's goodness of fit of two arms, one degree of freedom, no continuity correction; no leads
 * give 1.
 */
export function pearson(counts: { treatment: number; control: number; split: number }): {
  chiSquared: number;
  p: number;
} {
  const { treatment, control, split } = counts;
  const leads = treatment + control;
  if (leads === 0) return { chiSquared: 0, p: 1 };
  const chiSquared = (treatment - leads * split) ** 2 / (leads * split * (1 - split));
  return { chiSquared, p: 2 * normalUpperTail(Math.sqrt(chiSquared)) };
}

/** What JSON and PostgreSQL can hold. */
function finite(log: number): number {
  return Math.min(Math.exp(log), Number.MAX_VALUE);
}
