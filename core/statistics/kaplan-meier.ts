import type { Interval } from './intervals.ts';
import { normalQuantile } from './normal.ts';

/** A lead was contacted after so many minutes, or was still waiting then (censored). */
export type Wait = { minutes: number; contacted: boolean };

/**
 * After each time at which somebody was contacted: the share still waiting, and Greenwood's sum so
 * far.
 */
type Step = { minutes: number; waiting: number; greenwood: number };

/** The curve of Kaplan and Meier (1958), and the last minute anybody was watched. */
export type Curve = { steps: readonly Step[]; end: number };

/**
 * Who waits at a time: the share, Greenwood's standard error, and the log-log interval: null at 0
 * and 1.
 */
export type Waiting = { share: number; standardError: number; interval: Interval | null };

/**
 * The curve of these waits: at equal times contacts come before censorings. Throws a RangeError on
 * NaN.
 */
export function kaplanMeier(waits: readonly Wait[]): Curve {
  if (waits.some(({ minutes }) => Number.isNaN(minutes))) {
    throw new RangeError('Minutes must be numbers');
  }
  const times = waits.filter(({ contacted }) => contacted).map(({ minutes }) => minutes);
  const steps: Step[] = [];
  let [waiting, greenwood] = [1, 0];
  for (const minutes of [...new Set(times)].sort((one, other) => one - other)) {
    const atRisk = waits.filter((wait) => wait.minutes >= minutes).length;
    const contacts = times.filter((time) => time === minutes).length;
    waiting *= 1 - contacts / atRisk;
    greenwood += contacts / (atRisk * (atRisk - contacts));
    steps.push({ minutes, waiting, greenwood });
  }
  return { steps, end: Math.max(0, ...waits.map(({ minutes }) => minutes)) };
}

/** The share still waiting after so many minutes, as R's `survfit(conf.type = 'log-log')`. */
export function waitingAfter({ steps }: Curve, minutes: number, alpha: number): Waiting {
  const step = steps.findLast((one) => one.minutes <= minutes);
  if (!step) return { share: 1, standardError: 0, interval: null };
  const share = step.waiting;
  const standardError = share === 0 ? 0 : share * Math.sqrt(step.greenwood);
  return { share, standardError, interval: logLog(step, alpha) };
}

/**
 * The median wait with the interval of Brookmeyer and Crowley (1982) from the log-log limits; null
 * where the curve, or a limit, never comes down to one half. On a flat piece at one half its
 * middle, as R.
 */
export function medianWait(
  { steps, end }: Curve,
  alpha: number,
): { median: number | null; lower: number | null; upper: number | null } {
  const half = (share: (step: Step) => number | undefined) => {
    const from = steps.find((step) => (share(step) ?? 1) <= 0.5 + 1e-9);
    if (!from) return null;
    if ((share(from) ?? 0) < 0.5 - 1e-9) return from.minutes;
    const to = steps.find((step) => (share(step) ?? 1) < 0.5 - 1e-9);
    return (from.minutes + (to?.minutes ?? end)) / 2;
  };
  return {
    median: half(({ waiting }) => waiting),
    lower: half((step) => logLog(step, alpha)?.lower),
    upper: half((step) => logLog(step, alpha)?.upper),
  };
}

/** The mean wait up to a cap, the area below the curve, and its standard error (R's `rmean`). */
export function meanWait({ steps }: Curve, cap: number): { mean: number; standardError: number } {
  const inside = steps.filter(({ minutes }) => minutes < cap);
  let [area, variance, end] = [0, 0, cap];
  for (let index = inside.length - 1; index >= 0; index -= 1) {
    const { minutes, waiting, greenwood } = inside[index] as Step;
    area += waiting * (end - minutes);
    end = minutes;
    const added = greenwood - (inside[index - 1]?.greenwood ?? 0);
    if (waiting > 0) variance += area * area * added;
  }
  return { mean: area + end, standardError: Math.sqrt(variance) };
}

function logLog({ waiting, greenwood }: Step, alpha: number): Interval | null {
  if (waiting <= 0) return null;
  const log = Math.log(waiting);
  const factor = Math.exp((normalQuantile(alpha / 2) * Math.sqrt(greenwood)) / log);
  return { lower: Math.exp(log * factor), upper: Math.exp(log / factor) };
}
