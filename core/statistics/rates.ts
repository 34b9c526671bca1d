/** Of so many mature leads of an arm so many had the outcome. */
export type Arm = { successes: number; leads: number };

/** What is compared. */
export type Rates = { treatment: Arm; control: Arm };

/**
 * p-values: treatment above control, below it, and both: twice the smaller, at most 1 (central).
 */
export type PValues = { greater: number; less: number; twoSided: number };

/** Throws a RangeError unless each arm has whole numbers, with 0 ≤ successes ≤ leads. */
export function checkRates({ treatment, control }: Rates): void {
  for (const { successes, leads } of [treatment, control]) {
    const whole = Number.isSafeInteger(successes) && Number.isSafeInteger(leads);
    if (!whole || successes < 0 || successes > leads) {
      throw new RangeError(`No such arm: ${successes} successes of ${leads} leads`);
    }
  }
}

/** Both sides of a test, central. */
export function bothSides(sides: { greater: number; less: number }): PValues {
  const greater = Math.min(1, sides.greater);
  const less = Math.min(1, sides.less);
  return { greater, less, twoSided: Math.min(1, 2 * Math.min(greater, less)) };
}

/** The same arms, each in the other's place. */
export function swapped({ treatment, control }: Rates): Rates {
  return { treatment: control, control: treatment };
}
