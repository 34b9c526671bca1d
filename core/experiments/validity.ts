import { fisher } from '../statistics/fisher.ts';
import { sampleRatio } from '../statistics/sample-ratio.ts';
import type { Facts, Plan } from './facts.ts';

/** What excludes more people of one arm than of the other, this improbably, excludes by the arm. */
const exclusionLevel = 0.01;

/** Whether an experiment can be believed; stored with each look. */
export interface Validity {
  /** Evidence against the split, now and at most, as a Bayes factor: 100 is an alarm. */
  readonly sample_ratio: {
    readonly bayes_factor: number;
    readonly largest: number;
    readonly exact_p: number;
    readonly state: 'fine' | 'alarm' | 'severe';
  };
  /** p of the hypothesis that both arms leave out the same share of people. */
  readonly exclusion_p: number;
  /** People who were in both arms, and all. */
  readonly both_arms: number;
  readonly people: number;
}

/** Why an experiment cannot be believed, and stops. */
export type Invalid = 'INVALID_SRM' | 'INVALID_CONTAMINATION' | 'INVALID_EXCLUSION';

/** What speaks for and against believing an experiment. */
export function validityOf({ people, arms }: Facts, plan: Plan): Validity {
  const { bayesFactor, largest, exact, health } = sampleRatio(
    [...arms].map((arm) => arm === 'T'),
    plan.traffic_split,
  );
  const { assigned, excluded } = people;
  return {
    sample_ratio: { bayes_factor: bayesFactor, largest, exact_p: exact, state: health },
    exclusion_p: fisher({
      treatment: {
        successes: excluded.treatment,
        leads: assigned.treatment + excluded.treatment,
      },
      control: { successes: excluded.control, leads: assigned.control + excluded.control },
    }).twoSided,
    both_arms: excluded.both_arms,
    people:
      assigned.control +
      assigned.treatment +
      excluded.control +
      excluded.treatment +
      excluded.both_arms,
  };
}

/** Why it cannot be believed; undefined where it can. */
export function invalidity({
  sample_ratio,
  exclusion_p,
  both_arms,
  people,
}: Validity): Invalid | undefined {
  if (sample_ratio.state !== 'fine') return 'INVALID_SRM';
  if (both_arms >= 3 && both_arms >= people / 100) return 'INVALID_CONTAMINATION';
  return exclusion_p < exclusionLevel ? 'INVALID_EXCLUSION' : undefined;
}
