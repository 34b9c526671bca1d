import type { Facts, Plan } from './facts.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What a team should know of a running experiment, though it decides nothing. */
export const warnings = ['NO_DATA', 'LOW_COVERAGE', 'TOO_SLOW', 'SPLIT_UNWATCHED'] as const;

/** One of them. */
export type Warning = (typeof warnings)[number];

/**
 * `NO_DATA`: a day after the start nobody is in it. `LOW_COVERAGE`: more than 5 % of the leads it
 * is for are not in it, as those that waited in the queue. `TOO_SLOW`: at this pace the longest
 * duration comes before the leads. `SPLIT_UNWATCHED`: 30,000 people are in it, and the split is
 * watched no further.
 */
export function warningsOf(
  { as_of, started_at, people, arms, next_look }: Facts,
  plan: Plan & { status: string },
  coverage: { assigned: number; missed: number },
): Warning[] {
  const age = Date.parse(as_of) - Date.parse(started_at);
  const { control, treatment } = people.assigned;
  const seen = control + treatment;
  const eligible = coverage.assigned + coverage.missed;
  const last = Date.parse(started_at) + plan.max_duration_days * dayMs;
  const isSlow =
    plan.status === 'running' &&
    age >= 7 * dayMs &&
    next_look?.at != null &&
    Date.parse(next_look.at) >= last;
  const found: Warning[] = [];
  if (seen === 0 && age >= dayMs) found.push('NO_DATA');
  if (coverage.missed > 0.05 * eligible) found.push('LOW_COVERAGE');
  if (isSlow) found.push('TOO_SLOW');
  if (arms.length >= 30_000) found.push('SPLIT_UNWATCHED');
  return found;
}
