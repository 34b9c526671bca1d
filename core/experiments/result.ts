import { createHash } from 'node:crypto';
import type { Facts, Plan } from './facts.ts';
import type { Judgement } from './judge.ts';
import { reasonOf } from './sentences.ts';

/** Raised whenever the same facts could be judged otherwise. */
const engineVersion = 1;

/** A result as `end_experiment` and `add_look` store it. */
export function resultOf(facts: Facts, plan: Plan, judgement: Judgement) {
  const { arms: _, ...input } = facts;
  const [primary] = facts.metrics;
  const { comparison, interval, look } = judgement;
  return {
    planned: look?.planned ?? null,
    information: (primary.control.n + primary.treatment.n) / plan.target_sample_size,
    control_n: primary.control.n,
    treatment_n: primary.treatment.n,
    control_value: comparison.control,
    treatment_value: comparison.treatment,
    difference: comparison.difference,
    difference_low: interval?.lower ?? null,
    difference_high: interval?.upper ?? null,
    lift: comparison.lift === null ? null : Number(comparison.lift.toFixed(2)),
    p_value: comparison.p,
    p_allowed: judgement.allowed,
    health: judgement.health,
    decision: judgement.decision,
    decision_code: judgement.code as string,
    decision_reason: reasonOf(facts, plan, judgement),
    engine_version: engineVersion,
    input,
    input_sha256: createHash('sha256').update(JSON.stringify(facts)).digest('hex'),
  };
}
