import type { ExclusionReason } from '../../core/experiments/facts.ts';
import type { MetricName } from '../../core/experiments/metrics.ts';
import type { Random } from './random.ts';

/** What becomes of a person: after how many minutes; never where it is left out. */
export interface Fate {
  readonly contacted?: number;
  readonly converted?: number;
  readonly dead?: number;
  /** Why the person does not count. */
  readonly reason?: ExclusionReason;
}

/** A person in an experiment: when it was assigned, in minutes since the start, and where to. */
export interface Person extends Fate {
  readonly at: number;
  readonly treated: boolean;
}

/** How people come, where they are put and what becomes of them. */
export interface World {
  readonly perDay: number;
  /** They come on one day of so many; left out: on each. */
  readonly everyDays?: number;
  /** The share that is put into treatment, whatever the plan says. */
  readonly split: number;
  readonly fate: (random: Random, treated: boolean) => Fate;
}

/** Minutes of a day. */
export const dayMinutes = 24 * 60;

/** Who comes on a day (0 is the first), in their order. */
export function arrivals(world: World, day: number, random: Random): Person[] {
  const { perDay, everyDays = 1, split, fate } = world;
  if (day % everyDays !== 0) return [];
  const moments = Array.from({ length: perDay }, () => (day + random()) * dayMinutes);
  return moments
    .toSorted((one, other) => one - other)
    .map((at) => {
      const treated = random() < split;
      return { at, treated, ...fate(random, treated) };
    });
}

/** After how many minutes what a metric counts happened; undefined: never. */
export function happenedAfter(metric: MetricName, person: Person): number | undefined {
  switch (metric) {
    case 'response_rate':
    case 'time_to_contact':
      return person.contacted;
    case 'conversion_rate':
      return person.converted;
    case 'dead_rate':
      return person.dead;
    default:
      throw new Error(`nobody in these worlds does what ${metric} counts`);
  }
}
