import { normalDensity, normalQuantile, normalUpperTail } from './normal.ts';

/**
 * A look that was taken: its information (mature leads, or their share) and the nominal two-sided
 * level.
 */
export type PastLook = { information: number; level: number };

/**
 * What a look may use: reject if the two-sided p is at most `level`; `spent` is two-sided, with
 * this look.
 */
export type Level = { level: number; z: number; spent: number };

/** Beyond this |z| nothing that a double could show is left. */
const farthest = 9;

/**
 * The level of the next look: spending of Lan and DeMets (1983), O'Brien–Fleming type, two-sided
 * and symmetric, by the recursion of Armitage, McPherson and Rowe (1969). Levels already used are
 * fixed, so a look that came early or late changes the later ones alone. `information` counts in
 * any unit, `target` in the same: the final look spends all whatever it has. Level 0 where nothing
 * is left to spend. Error in z below 2e-5 against rpact 3.3.4. Throws a RangeError unless
 * information rises and alpha is in (0, 1).
 */
export function nextLevel(plan: {
  alpha: number;
  target: number;
  past: readonly PastLook[];
  next: { information: number; final: boolean };
}): Level {
  const { alpha, past, next } = plan;
  if (!(alpha > 0 && alpha < 1)) throw new RangeError('alpha lies between 0 and 1');
  const times = [...past, next].map(({ information }) => information / plan.target);
  if (times.some((time, index) => !(time > (times[index - 1] ?? 0)))) {
    throw new RangeError('Each look has more information than the one before');
  }
  const now = times.at(-1) ?? 1;
  const allowed = next.final ? alpha / 2 : spentBy(Math.min(1, now), alpha);
  let path = start;
  let spent = 0;
  for (const [index, { level }] of past.entries()) {
    const time = times[index] ?? 0;
    const bound = -normalQuantile(level / 2) * Math.sqrt(time);
    spent += crossing(path, time, bound);
    path = stay(path, time, Math.min(bound, farthest * Math.sqrt(time)), times[index + 1] ?? time);
  }
  const left = allowed - spent;
  if (!(left > normalUpperTail(farthest)))
    return { level: 0, z: Number.POSITIVE_INFINITY, spent: 2 * spent };
  const z = zThatSpends(left, path, now);
  return { level: 2 * normalUpperTail(z), z, spent: 2 * (spent + left) };
}

/** The levels of planned looks, as shares of the target that rise; the last one is final. */
export function plannedLevels(alpha: number, looks: readonly number[]): (PastLook & Level)[] {
  const levels: (PastLook & Level)[] = [];
  for (const [index, information] of looks.entries()) {
    const next = { information, final: index === looks.length - 1 };
    levels.push({ information, ...nextLevel({ alpha, target: 1, past: levels, next }) });
  }
  return levels;
}

/** What a side may have spent by this share of the information: 2 − 2Φ(z(1 − alpha/4) / √t). */
function spentBy(share: number, alpha: number): number {
  return 2 * normalUpperTail(-normalQuantile(alpha / 4) / Math.sqrt(share));
}

/**
 * The density of z √t of those that no look has stopped, with the weights of Simpson's rule in it.
 */
type Path = { time: number; at: Float64Array; mass: Float64Array };

/** Before the first look all are at 0. */
const start: Path = { time: 0, at: Float64Array.of(0), mass: Float64Array.of(1) };

/** P(the next look is the first above this bound). */
function crossing(path: Path, time: number, bound: number): number {
  const spread = Math.sqrt(time - path.time);
  let sum = 0;
  for (const [index, at] of path.at.entries()) {
    sum += (path.mass[index] ?? 0) * normalUpperTail((bound - at) / spread);
  }
  return sum;
}

/** The z whose bound is crossed with this probability: 60 halvings of 0 to `farthest`. */
function zThatSpends(probability: number, path: Path, time: number): number {
  let [low, high] = [0, farthest];
  for (let round = 0; round < 60; round += 1) {
    const z = (low + high) / 2;
    if (crossing(path, time, z * Math.sqrt(time)) > probability) low = z;
    else high = z;
  }
  return (low + high) / 2;
}

/**
 * Those within ± bound at this look. Simpson's rule needs steps that are small against the spread
 * up to here and to the look after: a twentieth leaves an error below 1e-7, and 200 points are the
 * least.
 */
function stay(path: Path, time: number, bound: number, after: number): Path {
  const spread = Math.sqrt(time - path.time);
  const finest = Math.sqrt(Math.min(time - path.time, Math.max(after - time, 1e-6))) / 20;
  const intervals = 2 * Math.ceil(Math.max(200, (2 * bound) / finest) / 2);
  const step = (2 * bound) / intervals;
  const at = Float64Array.from({ length: intervals + 1 }, (_, index) => -bound + index * step);
  const mass = at.map((here, index) => {
    const ends = index === 0 || index === intervals;
    const weight = ((ends ? 1 : index % 2 === 1 ? 4 : 2) * step) / 3;
    return (weight * densityAt(path, here, spread)) / spread;
  });
  return { time, at, mass };
}

function densityAt(path: Path, here: number, spread: number): number {
  const first = path.at[0] ?? 0;
  const step = (path.at[1] ?? 0) - first;
  const reach = farthest * spread;
  const from = step > 0 ? Math.max(0, Math.floor((here - reach - first) / step)) : 0;
  const to = step > 0 ? Math.min(path.at.length - 1, Math.ceil((here + reach - first) / step)) : 0;
  let sum = 0;
  for (let index = from; index <= to; index += 1) {
    sum += (path.mass[index] ?? 0) * normalDensity((here - (path.at[index] ?? 0)) / spread);
  }
  return sum;
}
