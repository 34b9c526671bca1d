import type { ArmOutcome, Facts, Outcome, Taken } from '../../core/experiments/facts.ts';
import { metricOf } from '../../core/experiments/metrics.ts';
import { dayMinutes, happenedAfter, type Person } from './people.ts';

/** A metric of an experiment, as `experiment_metrics` has it. */
export type Watched = Pick<Outcome, 'role' | 'metric' | 'window_hours' | 'margin'>;

/** What an experiment compares: the primary metric first. */
export type Metrics = readonly [Watched, ...Watched[]];

const start = Date.parse('2026-03-02T05:15:00Z');
const startedAt = new Date(start).toISOString();

/** What `experiment_facts` would answer so many days after the start, of people in their order. */
export function factsOf(given: {
  people: readonly Person[];
  metrics: Metrics;
  day: number;
  looks: readonly Taken[];
}): Facts {
  const { people, day, looks } = given;
  const [primary, ...others] = given.metrics;
  const counted = people.filter(({ reason }) => reason === undefined);
  const outcome = (metric: Watched) => outcomeOf(metric, counted, day * dayMinutes);
  return {
    as_of: new Date(start + day * dayMinutes * 60_000).toISOString(),
    started_at: startedAt,
    people: peopleOf(people, counted),
    arms: people.map(({ treated }) => (treated ? 'T' : 'C')).join(''),
    looks,
    metrics: [outcome(primary), ...others.map(outcome)],
    // It is shown, and nothing is judged by it.
    next_look: null,
  };
}

function peopleOf(people: readonly Person[], counted: readonly Person[]): Facts['people'] {
  const arms = (some: readonly Person[]) => {
    const treatment = some.filter(({ treated }) => treated).length;
    return { control: some.length - treatment, treatment };
  };
  const left = (why: Person['reason']) => people.filter(({ reason }) => reason === why).length;
  const out = people.filter(({ reason }) => reason !== undefined && reason !== 'both_arms');
  return {
    assigned: arms(counted),
    excluded: {
      ...arms(out),
      test: left('test'),
      duplicate: left('duplicate'),
      contacted_before: left('contacted_before'),
      both_arms: left('both_arms'),
      repeat_leads: 0,
    },
  };
}

/** Over those whose time is up; what came later than their time did not come. */
function outcomeOf(watched: Watched, counted: readonly Person[], now: number): Outcome {
  const { metric, window_hours } = watched;
  const window = window_hours * 60;
  const mature = counted.filter(({ at }) => at + window <= now);
  if (metricOf(metric).isTime) return { ...watched, ...outcomeOfMinutes(watched, mature) };
  const arm = (wanted: boolean): ArmOutcome => {
    let [n, x] = [0, 0];
    for (const person of mature) {
      if (person.treated !== wanted) continue;
      n += 1;
      if ((happenedAfter(metric, person) ?? Number.POSITIVE_INFINITY) <= window) x += 1;
    }
    return { n, x, mean: null, variance: null };
  };
  const [control, treatment] = [arm(false), arm(true)];
  const all = mature.length;
  // PostgreSQL ranks them too: minutes that nobody has are all tied.
  const rank_sum = all === 0 ? null : (treatment.n * (all + 1)) / 2;
  const ties = all === 0 ? null : all ** 3 - all;
  return { ...watched, control, treatment, rank_sum, ties, doubled_ranks: null };
}

function outcomeOfMinutes({ metric, window_hours }: Watched, mature: readonly Person[]) {
  const cap = window_hours * 60;
  const timed = mature
    .map((person) => ({
      treated: person.treated,
      minutes: Math.min(happenedAfter(metric, person) ?? cap, cap),
    }))
    .sort((one, other) => one.minutes - other.minutes);
  const doubled = { treatment: [] as number[], control: [] as number[] };
  let ties = 0;
  for (let from = 0, to = 0; from < timed.length; from = to) {
    while (to < timed.length && timed[to]?.minutes === timed[from]?.minutes) to += 1;
    const tied = to - from;
    ties += tied ** 3 - tied;
    for (const { treated } of timed.slice(from, to)) {
      doubled[treated ? 'treatment' : 'control'].push(2 * (from + 1) + tied - 1);
    }
  }
  const minutes = (wanted: boolean) =>
    timed.filter(({ treated }) => treated === wanted).map((one) => one.minutes);
  const few = timed.length > 0 && timed.length <= 30;
  return {
    control: armOfMinutes(minutes(false)),
    treatment: armOfMinutes(minutes(true)),
    rank_sum: timed.length === 0 ? null : sum(doubled.treatment) / 2,
    ties: timed.length === 0 ? null : ties,
    doubled_ranks: few ? [...doubled.treatment, ...doubled.control] : null,
  };
}

function armOfMinutes(minutes: readonly number[]): ArmOutcome {
  const n = minutes.length;
  const mean = n === 0 ? null : sum(minutes) / n;
  const squares = sum(minutes.map((one) => (one - (mean ?? 0)) ** 2));
  return { n, x: 0, mean, variance: n < 2 ? null : squares / (n - 1) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
