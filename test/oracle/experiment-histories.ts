/** Experiments over a history's leads: over, paused, looked at, badly split, hardly begun. */

import { experimentOf } from './examples.ts';
import { DAY, HOUR, MINUTE, SECOND, startOfLocalDay } from './local-time.ts';
import { type Random, randomFrom } from './random.ts';
import type { Assignment, Experiment, LeadFact, Micros } from './types.ts';

type Window = { seed: number; timezone: string; from: string; to: string };

/** How leads come into an experiment. */
type Intake = {
  share: number;
  /** How often a lead is of a person who is in it already, and how often then in the other arm. */
  again: number;
  mixed: number;
  /** How long after it came in a lead may be assigned. */
  after: (treated: boolean, random: Random) => Micros;
};

const usual: Intake = {
  share: 0.5,
  again: 0.15,
  mixed: 0.01,
  after: (_, random) => random.pick([0n, 0n, 0n, SECOND, 2n * MINUTE, HOUR, 3n * DAY]),
};

type Planned = { experiment: Experiment; intake: Intake };

function plansOf({ start, end, random }: { start: Micros; end: Micros; random: Random }) {
  const begin = start - 25n * DAY;
  const plan = (given: Partial<Experiment>, intake: Partial<Intake> = {}): Planned => ({
    experiment: experimentOf({
      id: random.uuid(),
      created_at: begin - 15n * DAY,
      started_at: begin,
      spans: [[begin, null]],
      ...given,
    }),
    intake: { ...usual, ...intake },
  });
  const over = { status: 'completed', max_duration_days: 60 };
  const look = { information: 0.5, p_allowed: 0.0031, decision: null };
  const decided = end - 5n * DAY;
  return [
    plan({
      primary_metric: 'conversion_rate',
      outcome_window_hours: 10 * 24,
      target_sample_size: 400,
      evaluated_at: end - 2n * DAY,
      warnings: ['LOW_COVERAGE', 'TOO_SLOW'],
    }),
    plan({
      ...over,
      primary_metric: 'response_rate',
      outcome_window_hours: 7,
      ended_at: decided,
      spans: [[begin, decided]],
      taken: [
        { look_no: 1, planned: 1, taken_at: end - 8n * DAY, ...look },
        { ...look, look_no: 2, planned: 3, taken_at: decided, p_allowed: 0.049, decision: 'KEEP' },
      ],
      decision: 'KILL',
      decision_code: 'WIN',
      decision_reason: 'KEEP: =treated leads answer.',
      decided_at: end + 3n * DAY,
      decided_because: 'it costs more than it brings',
    }),
    plan(
      {
        primary_metric: 'appointment_rate',
        status: 'paused',
        spans: [
          [begin, end - 20n * DAY],
          [end - 12n * DAY, end - 36n * HOUR],
        ],
      },
      { after: (treated) => (treated ? 6n * HOUR : 0n) },
    ),
    plan({ primary_metric: 'qualified_rate', traffic_split: 0.7, min_duration_days: 60 }),
    plan({ primary_metric: 'reply_rate', outcome_window_hours: 30 }, { again: 0.4, mixed: 0.5 }),
    plan({
      ...over,
      primary_metric: 'dead_rate',
      outcome_window_hours: 5 * 24,
      ended_at: start + 12n * DAY,
      spans: [],
      decision: 'INCONCLUSIVE',
      decision_code: 'INVALID_SRM',
    }),
    plan({
      primary_metric: 'time_to_contact',
      target_sample_size: 460,
      taken: [{ ...look, look_no: 1, planned: 1, taken_at: end - 9n * DAY }],
    }),
    // Few enough for the exact distribution of ranks.
    plan(
      { primary_metric: 'time_to_contact', outcome_window_hours: 8, target_sample_size: 200 },
      { share: 0.02 },
    ),
    plan(
      { primary_metric: 'response_rate', started_at: null, spans: [], target_sample_size: 3 },
      { share: 0.005 },
    ),
    plan(
      { status: 'draft', started_at: null, spans: [], created_at: end - 2n * DAY },
      { share: 0 },
    ),
  ];
}

function assignmentsOf(
  leads: readonly LeadFact[],
  { experiment, intake }: Planned,
  random: Random,
): Assignment[] {
  const assignments: Assignment[] = [];
  for (const lead of leads) {
    if (!random.chance(intake.share)) continue;
    const known = random.chance(intake.again) ? assignments.at(-1 - random.below(5)) : undefined;
    const isMixed = known !== undefined && random.chance(intake.mixed);
    const group_name =
      known !== undefined && !isMixed ? known.group_name : random.pick(['control', 'treatment']);
    assignments.push({
      id: random.uuid(),
      experiment_id: experiment.id,
      lead_id: lead.id,
      group_name,
      assigned_at: lead.created_at + intake.after(group_name === 'treatment', random),
      unit_id: known ? (known.unit_id ?? known.lead_id) : random.pick([null, lead.id]),
      in_both_arms: isMixed,
    });
  }
  return assignments;
}

/** The same window and leads give the same experiments. */
export function generateExperiments(window: Window, leads: readonly LeadFact[]) {
  const random = randomFrom(window.seed + 3);
  const start = startOfLocalDay(window.from, window.timezone);
  const end = startOfLocalDay(window.to, window.timezone);
  const plans = plansOf({ start, end, random }).map(({ experiment, intake }, index) => {
    const name = `${random.pick(['Quick', 'quick', 'é', 'zeta'])} ${index}`;
    return { experiment: { ...experiment, name }, intake };
  });
  return {
    experiments: plans.map(({ experiment }) => experiment),
    assignments: plans.flatMap((plan) => assignmentsOf(leads, plan, random)),
  };
}
