import { binomialMass } from './binomial.ts';

/** Of `successes` in two arms of these sizes `inTreatment` fall into the first. */
export type Draw = { inTreatment: number; successes: number; treatment: number; control: number };

/**
 * P(so many in the first arm) by three binomial masses (Loader, 2000): relative error below 1e-12.
 */
export function hypergeometricMass(draw: Draw): number {
  const { inTreatment, successes, treatment, control } = draw;
  const rate = successes / (treatment + control);
  return (
    (binomialMass(inTreatment, treatment, rate) *
      binomialMass(successes - inTreatment, control, rate)) /
    binomialMass(successes, treatment + control, rate)
  );
}

/** P(so many or more in the first arm): a sum of the smaller side, relative error below 1e-12. */
export function hypergeometricUpperTail(draw: Draw): number {
  const { inTreatment, successes, treatment, control } = draw;
  const mean = (successes * treatment) / (treatment + control);
  if (inTreatment > mean) return sumUpwards(draw);
  const lower = { inTreatment: successes - inTreatment + 1, successes };
  return 1 - sumUpwards({ ...lower, treatment: control, control: treatment });
}

function sumUpwards(draw: Draw): number {
  const { successes, treatment, control } = draw;
  let term = hypergeometricMass(draw);
  let sum = term;
  for (let k = draw.inTreatment; term > sum * 1e-18; k += 1) {
    const places = (k + 1) * (control - successes + k + 1);
    term *= ((treatment - k) * (successes - k)) / places;
    sum += term;
  }
  return sum;
}
