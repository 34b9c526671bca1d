import type { Interval } from './intervals.ts';
import { normalQuantile, normalUpperTail } from './normal.ts';
import type { Plan } from './power.ts';

/** P(treatment faster) + P(tie)/2: one half is no difference. */
type Win = { winProbability: number };

/**
 * The interval of a win probability by Newcombe (2006, method 5), its variance made smaller by ties
 * as that of U is: so it leaves out one half exactly when the normal form of the test says p <
 * alpha. By 50 halvings.
 */
export function winInterval(
  seen: Win & { untied: number; treatment: number; control: number },
  alpha: number,
): Interval {
  const { winProbability, untied, treatment, control } = seen;
  const z = -normalQuantile(alpha / 2);
  const others = (treatment + control) / 2 - 1;
  const farFrom = (truth: number) => {
    const pairs = 1 + others * ((1 - truth) / (2 - truth) + truth / (1 + truth));
    const variance = (untied * truth * (1 - truth) * pairs) / (treatment * control);
    return Math.abs(winProbability - truth) > z * Math.sqrt(variance);
  };
  const limit = (end: number) => {
    let [inside, outside] = [winProbability, end];
    for (let round = 0; round < 50; round += 1) {
      const truth = (inside + outside) / 2;
      if (farFrom(truth)) outside = truth;
      else inside = truth;
    }
    return inside;
  };
  return treatment * control === 0 ? { lower: 0, upper: 1 } : { lower: limit(0), upper: limit(1) };
}

/**
 * The chance to see this win probability with one look of the Mann–Whitney test (Noether 1987),
 * without ties. Leads tied at the cap help a little: a third of them make U's variance 4 % smaller.
 */
export function powerOfWins({ winProbability, leads, split, alpha }: Plan & Win): number {
  const drift = Math.abs(driftOfWins({ winProbability, leads, split }));
  return normalUpperTail(-normalQuantile(alpha / 2) - drift);
}

/**
 * The leads (both arms, unrounded) that see this win probability with this power; Infinity for one
 * half.
 */
export function leadsForWins(
  wanted: Win & { split: number; alpha: number; power: number },
): number {
  const { winProbability, split, alpha, power } = wanted;
  const z = normalQuantile(power) - normalQuantile(alpha / 2);
  return z ** 2 / (12 * split * (1 - split) * (winProbability - 0.5) ** 2);
}

/**
 * The smallest win probability above one half that so many leads see with this power; null above 1.
 */
export function detectableWins({ leads, split, alpha, power }: Plan & { power: number }) {
  const z = normalQuantile(power) - normalQuantile(alpha / 2);
  const winProbability = 0.5 + z / Math.sqrt(12 * split * (1 - split) * leads);
  return winProbability <= 1 ? winProbability : null;
}

/**
 * The expected z of this win probability when all leads are mature: `drift` of `conditionalPower`.
 */
export function driftOfWins({ winProbability, leads, split }: Win & Omit<Plan, 'alpha'>): number {
  return (winProbability - 0.5) * Math.sqrt(12 * split * (1 - split) * leads);
}
