import { fisher } from '../statistics/fisher.ts';
import { guardrail } from '../statistics/guardrail.ts';
import { holm } from '../statistics/holm.ts';
import { sampleRatio } from '../statistics/sample-ratio.ts';
import { compare, ratesOf } from './compare.ts';
import type { Facts, Outcome, Plan } from './facts.ts';
import { metricOf } from './metrics.ts';

/** What excludes more people of one arm than of the other, this improbably, excludes by the arm. */
const exclusionLevel = 0.01;

/** Whether an experiment can be believed, and what it costs elsewhere; stored with each look. */
export interface Health {
  /** Evidence against the split, now and at most, as a Bayes factor: 100 is an alarm. */
  readonly sample_ratio: {
    readonly bayes_factor: number;
    readonly largest: number;
    readonly exact_p: number;
    readonly state: 'fine' | 'alarm' | 'severe';
  };
  /** p of the hypothesis that both arms leave out the same share of people. */
  readonly exclusion_p: number;
  /** People who were in both arms, and all. */
  readonly both_arms: number;
  readonly people: number;
  readonly guardrails: readonly Guardrail[];
  readonly secondaries: readonly Secondary[];
}

/** `safe`: harm beyond the margin is excluded with 95 %; `harm`: it is there with 99 %. */
interface Guardrail {
  readonly metric: string;
  readonly margin: number;
  readonly control_n: number;
  readonly treatment_n: number;
  readonly difference: number | null;
  readonly p_worse: number;
  readonly verdict: 'harm' | 'safe' | 'not shown safe';
}

/** Of interest, and deciding nothing; p is Holm's. */
interface Secondary {
  readonly metric: string;
  readonly control: number | null;
  readonly treatment: number | null;
  readonly difference: number | null;
  readonly p_adjusted: number;
}

/** Why an experiment cannot be believed, and stops. */
export type Invalid = 'INVALID_SRM' | 'INVALID_CONTAMINATION' | 'INVALID_EXCLUSION';

/** How healthy an experiment is. */
export function healthOf({ people, arms, metrics }: Facts, plan: Plan): Health {
  const { bayesFactor, largest, exact, health } = sampleRatio(
    [...arms].map((arm) => arm === 'T'),
    plan.traffic_split,
  );
  const { assigned, excluded } = people;
  const of = (role: Outcome['role']) => metrics.filter((one) => one.role === role);
  return {
    sample_ratio: { bayes_factor: bayesFactor, largest, exact_p: exact, state: health },
    exclusion_p: fisher({
      treatment: {
        successes: excluded.treatment,
        leads: assigned.treatment + excluded.treatment,
      },
      control: { successes: excluded.control, leads: assigned.control + excluded.control },
    }).twoSided,
    both_arms: excluded.both_arms,
    people:
      assigned.control +
      assigned.treatment +
      excluded.control +
      excluded.treatment +
      excluded.both_arms,
    guardrails: of('guardrail').map(guardrailOf),
    secondaries: secondariesOf(of('secondary')),
  };
}

/** Why it cannot be believed; undefined where it can. */
export function invalidity({
  sample_ratio,
  exclusion_p,
  both_arms,
  people,
}: Health): Invalid | undefined {
  if (sample_ratio.state !== 'fine') return 'INVALID_SRM';
  if (both_arms >= 3 && both_arms >= people / 100) return 'INVALID_CONTAMINATION';
  return exclusion_p < exclusionLevel ? 'INVALID_EXCLUSION' : undefined;
}

function guardrailOf(outcome: Outcome): Guardrail {
  const { metric, control, treatment } = outcome;
  const margin = outcome.margin ?? 0.05;
  const worse = metricOf(metric).lessIsGood ? 'more' : 'fewer';
  const { p, verdict } = guardrail({ rates: ratesOf(outcome), worse, margin });
  const empty = control.n === 0 || treatment.n === 0;
  return {
    metric,
    margin,
    control_n: control.n,
    treatment_n: treatment.n,
    difference: empty ? null : treatment.x / treatment.n - control.x / control.n,
    p_worse: p,
    verdict,
  };
}

function secondariesOf(outcomes: readonly Outcome[]): Secondary[] {
  const comparisons = outcomes.map((outcome) => ({ ...outcome, ...compare(outcome) }));
  const adjusted = holm(comparisons.map(({ p }) => p));
  return comparisons.map(({ metric, control, treatment, difference }, index) => ({
    metric,
    control: control as number | null,
    treatment: treatment as number | null,
    difference,
    p_adjusted: adjusted[index] ?? 1,
  }));
}
