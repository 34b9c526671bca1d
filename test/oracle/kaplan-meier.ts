/** The share of a set that has not had an event by then, of whom some were watched no longer. */

/** A 95 % interval's standard score. */
const Z = 1.959963984540054;

/** How long one was watched, and whether the event came at the end of that. */
export type Watched = { time: number; event: boolean };

/** The curve from one event on. The share left is left / of, in whole numbers. */
export type Step = { time: number; left: bigint; of: bigint; error: number };

export type Limits = { low: number; high: number };

/**
 * One step for each time at which events came: each time the share that got past it is taken. Where
 * nobody left in between, the next whole number takes the place of the last one: multiplied out, a
 * year of leads had numbers of 60,000 digits, and took 20 seconds.
 */
export function curveOf(watched: readonly Watched[]): Step[] {
  const steps: Step[] = [];
  let [left, of, variance] = [1n, 1n, 0];
  let [atRisk, last] = [watched.length, 0];
  const byTime = Map.groupBy(watched, ({ time }) => time);
  for (const [time, here] of [...byTime].sort(([one], [other]) => one - other)) {
    const events = here.filter(({ event }) => event).length;
    if (events > 0) {
      if (atRisk === last) left /= BigInt(last);
      else of *= BigInt(atRisk);
      last = atRisk - events;
      left *= BigInt(last);
      variance += events / (atRisk * last);
      steps.push({ time, left, of, error: Math.sqrt(variance) });
    }
    atRisk -= here.length;
  }
  return steps;
}

/** The step that holds at a time; undefined before the first event. */
export function stepAt(curve: readonly Step[], time: number): Step | undefined {
  return curve.findLast((step) => step.time <= time);
}

/** The share left, from whole numbers of any length. */
export function shareOf({ left, of }: Step): number {
  return Number((left * 10n ** 17n) / of) / 1e17;
}

/** Greenwood's limits of the share left, on the log-log scale; none where nobody is left. */
export function limitsOf(step: Step): Limits | null {
  const share = shareOf(step);
  if (share === 0) return null;
  const middle = Math.log(-Math.log(share));
  const reach = (Z * step.error) / -Math.log(share);
  const shareAt = (doubleLog: number) => Math.exp(-Math.exp(doubleLog));
  return { low: shareAt(middle + reach), high: shareAt(middle - reach) };
}

/**
 * By when half have had the event, and its interval (Brookmeyer and Crowley): where the limits
 * cross half. Where the curve lies at exactly half for a while, the middle of that while.
 */
export function medianOf(watched: readonly Watched[], curve = curveOf(watched)) {
  const last = watched.reduce((longest, { time }) => Math.max(longest, time), 0);
  const first = curve.find(({ left, of }) => 2n * left <= of)?.time ?? null;
  const below = curve.find(({ left, of }) => 2n * left < of)?.time ?? last;
  const crossing = (limit: keyof Limits) =>
    curve.find((step) => (limitsOf(step)?.[limit] ?? 1) <= 0.5)?.time ?? null;
  return {
    median: first === null ? null : (first + below) / 2,
    low: crossing('low'),
    high: crossing('high'),
  };
}
