import * as z from 'zod/mini';
import { metricNames } from './metrics.ts';

const text = z.nullable(z.string());
const number = z.nullable(z.number());
const when = z.iso.datetime({ precision: 6 });
const moment = z.nullable(when);
const metric = z.enum(metricNames);
const decision = z.nullable(z.enum(['KEEP', 'KILL', 'INCONCLUSIVE']));

/** An experiment's status: from draft to running, to and from paused, to completed. */
export const statuses = ['draft', 'running', 'paused', 'completed'] as const;

/** An experiment as the API shows it. Values are shares, or minutes of a time to contact. */
export const experiment = z.strictObject({
  id: z.uuid(),
  created_at: when,
  updated_at: when,
  name: z.string(),
  description: text,
  hypothesis: text,
  skill_id: z.nullable(z.uuid()),
  follows_experiment_id: z.nullable(z.uuid()),
  status: z.enum(statuses),
  started_at: moment,
  ended_at: moment,
  primary_metric: metric,
  outcome_window_hours: z.int(),
  secondary_metrics: z.array(metric),
  guardrails: z.array(z.strictObject({ metric, margin: z.number() })),
  segment_filter: z.unknown(),
  traffic_split: z.number(),
  salt_version: z.int(),
  target_sample_size: z.int(),
  min_duration_days: z.int(),
  max_duration_days: z.int(),
  looks: z.array(z.number()),
  alpha: z.number(),
  power: z.number(),
  min_effect: number,
  baseline_rate: number,
  auto_apply: z.boolean(),
  evaluated_at: moment,
  warnings: z.array(z.string()),
  control_sample_size: z.nullable(z.int()),
  treatment_sample_size: z.nullable(z.int()),
  control_metric_value: number,
  treatment_metric_value: number,
  lift_percentage: number,
  p_value: number,
  confidence_level: number,
  decision,
  decision_code: text,
  decision_reason: text,
  recommended: decision,
  decided_by: text,
  decided_at: moment,
  decided_because: text,
});

/** An experiment's row. */
export type Experiment = z.infer<typeof experiment>;

/** With what its plan can show, by the rate of control that was given or measured. */
export const plannedExperiment = z.extend(experiment, {
  outlook: z.strictObject({
    baseline_rate: number,
    baseline_leads: z.int(),
    leads_per_day: z.number(),
    detectable_effect: number,
    detectable_win_probability: number,
    leads_needed: z.nullable(z.int()),
    days_needed: z.nullable(z.int()),
    power_at_min_effect: number,
    warnings: z.array(z.string()),
  }),
});

/** What a look saw. */
export const look = z.strictObject({
  look_no: z.int(),
  taken_at: when,
  planned: z.nullable(z.int()),
  information: number,
  control_n: z.int(),
  treatment_n: z.int(),
  control_value: number,
  treatment_value: number,
  difference: number,
  difference_low: number,
  difference_high: number,
  p_value: number,
  p_allowed: number,
  health: z.record(z.string(), z.unknown()),
  decision,
  decision_code: z.string(),
  decision_reason: z.string(),
  engine_version: z.int(),
  input_sha256: z.string(),
});
