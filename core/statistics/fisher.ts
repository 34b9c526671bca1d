import { hypergeometricMass } from './hypergeometric.ts';
import { checkRates, type PValues, type Rates } from './rates.ts';

/**
 * Fisher's exact test. One-sided: the hypergeometric tails; two-sided: all tables that are at most
 * as likely as the observed one, with R's tolerance of 1e-7 for ties, as `fisher.test`. Relative
 * error below 1e-11 down to 1e-300. Throws a RangeError where an arm is impossible; an empty arm
 * gives 1.
 */
export function fisher(rates: Rates): PValues {
  checkRates(rates);
  const observed = rates.treatment.successes;
  const treatment = rates.treatment.leads;
  const control = rates.control.leads;
  const successes = observed + rates.control.successes;
  if (treatment === 0 || control === 0) return { greater: 1, less: 1, twoSided: 1 };
  const mass = (inTreatment: number) =>
    hypergeometricMass({ inTreatment, successes, treatment, control });
  const limit = mass(observed) * (1 + 1e-7);
  const p = { greater: 0, less: 0, twoSided: 0 };
  const most = Math.min(treatment, successes);
  for (let k = Math.max(0, successes - control); k <= most; k += 1) {
    const probability = mass(k);
    if (k >= observed) p.greater += probability;
    if (k <= observed) p.less += probability;
    if (probability <= limit) p.twoSided += probability;
  }
  return {
    greater: Math.min(1, p.greater),
    less: Math.min(1, p.less),
    twoSided: Math.min(1, p.twoSided),
  };
}
