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
  if (rates.treatment.leads === 0 || rates.control.leads === 0) return pooledTest(rates);
  const grid = massesOfGrid();
  return bothSides({ greater: oneSided(rates, grid), less: oneSided(swapped(rates), grid) });
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

/** Rates stand at equal steps of their angle. */
const step = Math.PI / 2 / (gridSize - 1);
const rateAt = (angle: number) => Math.sin(angle) ** 2;

/** The masses of so many leads at each rate of the grid: both sides and equal arms share them. */
function massesOfGrid() {
  const known = new Map<number, Masses[]>();
  return (leads: number): Masses[] => {
    const masses =
      known.get(leads) ??
      Array.from({ length: gridSize }, (_, index) => binomialMasses(leads, rateAt(index * step)));
    known.set(leads, masses);
    return masses;
  };
}

function oneSided(rates: Rates, grid: (leads: number) => Masses[]): number {
  const treatment = rates.treatment.leads;
  const control = rates.control.leads;
  const least = leastRejected(rates);
  const [ofTreatment, ofControl] = [grid(treatment), grid(control)];
  const values = ofTreatment.map((masses, index) =>
    probabilityOf(least, masses, ofControl[index] as Masses),
  );
  return largest(values, (angle) => {
    const rate = rateAt(angle);
    return probabilityOf(least, binomialMasses(treatment, rate), binomialMasses(control, rate));
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

/**
 * P(a table in the region of rejection): for each number in control treatment's upper tail, which
 * grows as control falls.
 */
function probabilityOf(least: Int32Array, treatment: Masses, control: Masses): number {
  const { masses, first } = treatment;
  let from = masses.length;
  let tail = 0;
  let sum = 0;
  for (let k = control.masses.length - 1; k >= 0; k -= 1) {
    const reached = Math.max(0, (least[control.first + k] as number) - first);
    for (; from > reached; from -= 1) tail += masses[from - 1] as number;
    sum += (control.masses[k] as number) * tail;
  }
  return sum;
}

/**
 * The largest value over all rates. At equal steps of the angle a peak is as wide at 0.1 % as at
 * 50 %: with 5,000 leads four steps, where near 0 it has less than half a step of a thousandth.
 */
function largest(values: readonly number[], at: (angle: number) => number): number {
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
