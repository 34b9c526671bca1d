import { binomialMasses, type Masses } from './binomial.ts';
import { hypergeometricUpperTail } from './hypergeometric.ts';
import { normalUpperTail } from './normal.ts';
import { bothSides, checkRates, type PValues, type Rates, swapped } from './rates.ts';

/** From here on the pooled z, whose error is smaller than what a table of this size can show. */
const exactUpTo = 5000;
const gridSize = 1001;

/**
 * Boschloo's unconditional exact test (1970), central: two-sided is twice the smaller side. The
 * statistic is the one-sided p of Fisher's test, the nuisance rate is where p is largest, by 1,001
 * rates and golden section around the best three. Error below 1e-7 (R's Exact); beyond 5,000 leads
 * in an arm the pooled z. Arms that all fail, all succeed or are empty give 1; throws a RangeError
 * where an arm is impossible.
 */
export function boschloo(rates: Rates): PValues {
  checkRates(rates);
  if (Math.max(rates.treatment.leads, rates.control.leads) > exactUpTo) return pooledTest(rates);
  return bothSides({ greater: oneSided(rates), less: oneSided(swapped(rates)) });
}

/** The z of two rates with the pooled variance, no continuity correction; null where that is 0. */
export function pooledZ({ treatment, control }: Rates): number | null {
  if (treatment.leads === 0 || control.leads === 0) return null;
  const pooled = (treatment.successes + control.successes) / (treatment.leads + control.leads);
  if (pooled === 0 || pooled === 1) return null;
  const variance = pooled * (1 - pooled) * (1 / treatment.leads + 1 / control.leads);
  const difference = treatment.successes / treatment.leads - control.successes / control.leads;
  return difference / Math.sqrt(variance);
}

/** The test of two rates by `pooledZ`; 1 where there is none. */
export function pooledTest(rates: Rates): PValues {
  const z = pooledZ(rates);
  if (z === null) return { greater: 1, less: 1, twoSided: 1 };
  return bothSides({ greater: normalUpperTail(z), less: normalUpperTail(-z) });
}

function oneSided(rates: Rates): number {
  const treatment = rates.treatment.leads;
  const control = rates.control.leads;
  if (treatment === 0 || control === 0) return 1;
  const least = leastRejected(rates);
  return largest((rate) => {
    const first = binomialMasses(treatment, rate);
    return probabilityOf(least, upperTails(first), first.first, binomialMasses(control, rate));
  });
}

/**
 * For each number of successes in control the least in treatment with a Fisher p as small as the
 * observed one. It never falls as control rises, so one pass finds all of them.
 */
function leastRejected(rates: Rates): Int32Array {
  const treatment = rates.treatment.leads;
  const control = rates.control.leads;
  const tail = (inTreatment: number, inControl: number) =>
    hypergeometricUpperTail({
      inTreatment,
      successes: inTreatment + inControl,
      treatment,
      control,
    });
  const limit = tail(rates.treatment.successes, rates.control.successes) * (1 + 1e-9);
  const least = new Int32Array(control + 1);
  let successes = 0;
  for (let inControl = 0; inControl <= control; inControl += 1) {
    while (successes <= treatment && tail(successes, inControl) > limit) successes += 1;
    least[inControl] = successes;
  }
  return least;
}

/** P(at least so many), for each that has a mass. */
function upperTails({ masses }: Masses): Float64Array {
  const tails = new Float64Array(masses.length + 1);
  for (let k = masses.length - 1; k >= 0; k -= 1) tails[k] = (tails[k + 1] ?? 0) + (masses[k] ?? 0);
  return tails;
}

function probabilityOf(
  least: Int32Array,
  tails: Float64Array,
  first: number,
  control: Masses,
): number {
  let sum = 0;
  for (let k = 0; k < control.masses.length; k += 1) {
    const from = Math.max(0, (least[control.first + k] ?? 0) - first);
    sum += (control.masses[k] ?? 0) * (tails[from] ?? 0);
  }
  return sum;
}

/**
 * The largest value over all rates. They stand at equal steps of their angle, where a peak is as
 * wide at 0.1 % as at 50 %: with 5,000 leads it is four steps wide, and near 0 less than half of a
 * step of a thousandth.
 */
function largest(probability: (rate: number) => number): number {
  const step = Math.PI / 2 / (gridSize - 1);
  const at = (angle: number) => probability(Math.sin(angle) ** 2);
  const values = Float64Array.from({ length: gridSize }, (_, index) => at(index * step));
  const best = [...values.keys()]
    .sort((one, other) => (values[other] ?? 0) - (values[one] ?? 0))
    .slice(0, 3);
  const refined = best.map((index) =>
    goldenSection(at, Math.max(0, index - 1) * step, Math.min(gridSize - 1, index + 1) * step),
  );
  return Math.max(...refined, values[best[0] ?? 0] ?? 0);
}

/**
 * The largest value between two points with one peak; 30 steps narrow a cell of the grid to 1e-9.
 */
function goldenSection(value: (at: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [value(left), value(right)];
  for (let round = 0; round < 30; round += 1) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = value(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = value(right);
    }
  }
  return Math.max(atLeft, atRight);
}
