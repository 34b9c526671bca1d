import { guardrail } from '../statistics/guardrail.ts';
import { holm } from '../statistics/holm.ts';
import { compare, ratesOf } from './compare.ts';
import type { Facts, Outcome, Plan } from './facts.ts';
import { metricOf } from './metrics.ts';
import { type Validity, validityOf } from './validity.ts';

/** Whether an experiment can be believed, and what it costs elsewhere; stored with each look. */
export interface Health extends Validity {
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

/** How healthy an experiment is. */
export function healthOf(facts: Facts, plan: Plan): Health {
  const of = (role: Outcome['role']) => facts.metrics.filter((one) => one.role === role);
  return {
    ...validityOf(facts, plan),
    guardrails: of('guardrail').map(guardrailOf),
    secondaries: secondariesOf(of('secondary')),
  };
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
