import { normalQuantile, normalUpperTail } from '../statistics/normal.ts';
import { conditionalPower, driftOfRates, powerOfRates } from '../statistics/power.ts';
import { type Comparison, errorOfMinutes } from './compare.ts';
import type { Outcome, Plan } from './facts.ts';
import { metricOf } from './metrics.ts';

/**
 * An experiment that could show `min_effect` with this chance, and now has less than the other one,
 * ends. Without the first an experiment that was too small from the start "kills" a true effect:
 * one of 10 points, with 100 leads, 72 times of 100.
 */
const futility = { designPower: 0.7, conditionalPower: 0.1 };

interface Given {
  readonly primary: Outcome;
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** Of a look that is not the last: how much of the target it has, and the last one's boundary. */
  readonly ahead: { readonly information: number; readonly finalZ: number } | null;
}

/** What can still become of it: the power of the design, and whether to go on is futile. */
export function promise(given: Given): { designPower: number | null; isFutile: boolean } {
  const expected = expectation(given);
  if (!expected) return { designPower: null, isFutile: false };
  const { designPower, drift } = expected;
  const { ahead, comparison } = given;
  if (!ahead) return { designPower, isFutile: false };
  const { information: share, finalZ } = ahead;
  const chance = conditionalPower({ z: comparison.z, share, finalZ, drift });
  return {
    designPower,
    isFutile: designPower >= futility.designPower && chance < futility.conditionalPower,
  };
}

/** With `min_effect` and all leads: the power, and the expected z. Null where neither is known. */
function expectation({ primary, comparison, plan }: Given) {
  const { min_effect, target_sample_size: leads, traffic_split: split, alpha } = plan;
  if (min_effect === null) return null;
  if (metricOf(primary.metric).isTime) {
    const error = errorOfMinutes(primary);
    if (!error) return null;
    // As if the rank test saw minutes as their mean does.
    const now = primary.control.n + primary.treatment.n;
    const drift = (min_effect / error) * Math.sqrt(leads / now);
    return { drift, designPower: normalUpperTail(-normalQuantile(alpha / 2) - drift) };
  }
  const baseline = plan.baseline_rate ?? comparison.control;
  if (baseline === null) return null;
  const effect = metricOf(primary.metric).lessIsGood ? -min_effect : min_effect;
  if (baseline + effect < 0 || baseline + effect > 1) return null;
  const rates = { leads, split, baseline, effect };
  return {
    drift: Math.abs(driftOfRates(rates)),
    designPower: powerOfRates({ ...rates, alpha }),
  };
}
