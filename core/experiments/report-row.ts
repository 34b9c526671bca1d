import type { Row } from '../database/rows.ts';
import { compare, intervalOf } from './compare.ts';
import type { Facts, Plan } from './facts.ts';
import { dueLook, levelOf } from './looks.ts';
import { metricOf } from './metrics.ts';
import { invalidity, validityOf } from './validity.ts';

interface Known {
  readonly facts: Facts;
  readonly plan: Plan;
  readonly warnings: readonly string[];
  /** False: an agent, who sees own leads and of the whole nothing. */
  readonly is_whole: boolean;
  readonly is_over: boolean;
  /** Of one that is over: the level of the look it ended with; null: it ended without one. */
  readonly p_allowed: number | null;
  readonly decision_code: string | null;
}

/** A row of `experiment-results` with what takes a test: interval, p, its level, health. */
export function withTests(row: Row): Row {
  const known = row.facts as unknown as Known;
  return known.is_whole ? { ...row, ...testsOf(known), health: healthOf(known) } : row;
}

/** Where nothing may be told, nothing is tested. */
function testsOf({ facts, plan, is_over, p_allowed }: Known) {
  const [primary] = facts.metrics;
  const allowed = is_over ? p_allowed : levelOf(facts, plan, dueLook(facts, plan));
  if (allowed === null) return {};
  const interval = intervalOf(primary, allowed);
  const [unit, of] = metricOf(primary.metric).isTime ? ['minutes', 1] : ['points', 100];
  const shown = (value: number) => Number((of * value).toFixed(2));
  const isEmpty = primary.control.n === 0 || primary.treatment.n === 0;
  return {
    [`difference_${unit}_low`]: interval && shown(interval.lower),
    [`difference_${unit}_high`]: interval && shown(interval.upper),
    p_value: isEmpty ? null : sixDigits(compare(primary).p),
    p_allowed: sixDigits(allowed),
  };
}

/** What is left out is the noise of a sum: 0.05, not 0.04999999999999993. */
function sixDigits(probability: number): number {
  return Number(probability.toPrecision(6));
}

function healthOf({ facts, plan, is_over, decision_code, warnings }: Known): string {
  const judged = decision_code?.startsWith('INVALID') ? decision_code : undefined;
  const invalid = is_over ? judged : invalidity(validityOf(facts, plan));
  return [...(invalid ? [invalid] : []), ...warnings].join(' ') || 'ok';
}
