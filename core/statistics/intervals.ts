import { normalQuantile } from './normal.ts';
import { type Arm, checkRates, type Rates } from './rates.ts';

/** From and to, both included. */
export type Interval = { lower: number; upper: number };

/**
 * Wilson's score interval (1927) of a rate, without continuity correction; `alpha` is what lies
 * outside on both sides together (0.05: a 95 % interval). No leads: 0 to 1. Error below 1e-13.
 */
export function wilson({ successes, leads }: Arm, alpha: number): Interval {
  if (leads === 0) return { lower: 0, upper: 1 };
  const z = -normalQuantile(alpha / 2);
  if (z === Number.POSITIVE_INFINITY) return { lower: 0, upper: 1 };
  const square = z * z;
  const failures = leads - successes;
  const middle = successes + square / 2;
  const half = z * Math.sqrt((successes * failures) / leads + square / 4);
  return {
    lower: (middle - half) / (leads + square),
    upper: failures === 0 ? 1 : (middle + half) / (leads + square),
  };
}

/**
 * Newcombe's hybrid score interval (1998, method 10) of treatment's rate less control's, at any
 * level: with the nominal level of a look it is the repeated interval of that look. An empty arm
 * gives −1 to 1; throws a RangeError where an arm is impossible.
 */
export function newcombe(rates: Rates, alpha: number): Interval {
  checkRates(rates);
  const { treatment, control } = rates;
  if (treatment.leads === 0 || control.leads === 0) return { lower: -1, upper: 1 };
  const rateOfTreatment = treatment.successes / treatment.leads;
  const rateOfControl = control.successes / control.leads;
  const ofTreatment = wilson(treatment, alpha);
  const ofControl = wilson(control, alpha);
  const difference = rateOfTreatment - rateOfControl;
  return {
    lower:
      difference - Math.hypot(rateOfTreatment - ofTreatment.lower, ofControl.upper - rateOfControl),
    upper:
      difference + Math.hypot(ofTreatment.upper - rateOfTreatment, rateOfControl - ofControl.lower),
  };
}
