/**
 * A known answer: survfit of R's survival 3.5-3 with conf.type 'log-log', on minutes to the first
 * contact of two arms, watched for a day.
 */

import type { Limits, Watched } from './kaplan-meier.ts';

/** Time, survival, its standard error, and its limits where R gives them. */
type Known = [number, number, number, number?, number?];
type Arm = { watched: Watched[]; survival: Known[]; median: Limits & { median: number } };

const DAY = 1440;

/** The last `waiting` were not contacted when the day was over. */
function watchedFor(minutes: readonly number[], waiting: number): Watched[] {
  const contacted = minutes.map((time) => ({ time, event: true }));
  return [...contacted, ...Array.from({ length: waiting }, () => ({ time: DAY, event: false }))];
}

export const CONTROL: Arm = {
  watched: watchedFor(
    [12, 45, 61, 75, 90, 118, 130, 155, 180, 240, 300, 365, 420, 610, 905, 1300],
    4,
  ),
  survival: [
    [5, 1, 0],
    [60, 0.9, 0.0670820393249937],
    [240, 0.5, 0.111803398874989],
    [DAY, 0.2, 0.0894427190999916],
  ],
  median: { median: 270, low: 90, high: 905 },
};

export const TREATMENT: Arm = {
  watched: watchedFor([1, 2, 2, 3, 4, 5, 7, 9, 14, 22, 35, 58, 90, 140, 260, 480, 1100], 3),
  survival: [
    [5, 0.7, 0.102469507659596, 0.450545984707156, 0.852518168555191],
    [60, 0.4, 0.109544511501033, 0.192811707909028, 0.600456287255316],
    [240, 0.3, 0.102469507659596, 0.122526425807031, 0.501350393835865],
    [DAY, 0.15, 0.0798435971133566, 0.0373307919365696, 0.334664426490054],
  ],
  median: { median: 28.5, low: 4, high: 260 },
};
