import { boschloo } from './boschloo.ts';
import { newcombe } from './intervals.ts';
import type { Rates } from './rates.ts';

/** What one look says of a rate that may not get worse. */
export type Guardrail = {
  /** One-sided Boschloo p of harm. */
  p: number;
  /** The harm that is left possible: the one-sided 95 % limit, in shares, positive is worse. */
  limit: number;
  /** `harm` from p ≤ 0.01 on; `safe` only where the limit is inside the margin. */
  verdict: 'harm' | 'safe' | 'not shown safe';
};

/**
 * The one-sided test for harm and the test of non-inferiority (Newcombe's limit) of a guardrail.
 * `worse` says which way harm lies, `margin` is the harm that is put up with, in shares (0.05: five
 * points). An empty arm is not shown safe.
 */
export function guardrail(watched: {
  rates: Rates;
  worse: 'more' | 'fewer';
  margin: number;
}): Guardrail {
  const { rates, worse, margin } = watched;
  const tests = boschloo(rates);
  const p = worse === 'more' ? tests.greater : tests.less;
  const { lower, upper } = newcombe(rates, 0.1);
  const limit = worse === 'more' ? upper : -lower;
  return { p, limit, verdict: p <= 0.01 ? 'harm' : limit < margin ? 'safe' : 'not shown safe' };
}
