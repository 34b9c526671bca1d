import * as z from 'zod/mini';
import { id, shortText, written } from '../http/fields.ts';
import { qualityScore, source } from '../leads/fields.ts';
import { metricNames, rateNames } from './metrics.ts';

const metric = z.enum(metricNames);
const text = z.nullable(shortText(2000));
const days = (least: number) => z.int().check(z.minimum(least), z.maximum(730));

/** One value, or any of several. */
const anyOf = <T extends z.ZodMiniType>(one: T) =>
  z.optional(z.union([one, z.array(one).check(z.minLength(1), z.maxLength(50))]));

/** Which leads an experiment is for: those that have each of these values; left out: any. */
const segmentFilter = z.strictObject({
  source: anyOf(source),
  quality_score: anyOf(qualityScore),
  utm_source: anyOf(shortText(200)),
  utm_medium: anyOf(shortText(200)),
  utm_campaign: anyOf(shortText(200)),
  property_city: anyOf(shortText(200)),
  property_state: anyOf(shortText(200)),
  property_zip: anyOf(shortText(20)),
});

/** What may not get worse, by more than the margin: a share. */
const guardrail = z.strictObject({
  metric: z.enum(rateNames),
  margin: z._default(z.number().check(z.gte(0.001), z.lte(0.5)), 0.05),
});

const looks = z.array(z.number().check(z.gte(0.01), z.lte(1))).check(
  z.minLength(1),
  z.maxLength(10),
  z.refine(
    (shares) => shares.every((share, place) => place === 0 || share > (shares[place - 1] ?? 0)),
    'must rise: each is a share of "target_sample_size"',
  ),
  z.refine((shares) => shares.at(-1) === 1, 'must end with 1, when all leads are there'),
);

/** So short that the names of ten stand in the row of the largest lead. */
const name = written(
  /^(?! *$)[^\p{Cc}"\\]{1,60}$/u,
  'must be 1 to 60 characters without quotation marks, backslashes and control characters',
).check(z.refine((text) => Buffer.byteLength(text) <= 120, 'is longer than 120 bytes'));

/** What an experiment is called and said to be about; it can be changed at any time. */
const words = {
  name,
  description: z.optional(text),
  hypothesis: z.optional(text),
  follows_experiment_id: z.optional(z.nullable(id)),
  auto_apply: z.boolean(),
};

/** What it is: it stays from the start on. */
const plan = {
  skill_id: z.optional(z.nullable(id)),
  primary_metric: metric,
  outcome_window_hours: z.optional(z.nullable(z.int().check(z.minimum(1), z.maximum(24 * 365)))),
  secondary_metrics: z.array(metric).check(
    z.maxLength(6),
    z.refine((given) => new Set(given).size === given.length, 'names a metric twice'),
  ),
  guardrails: z.array(guardrail).check(
    z.maxLength(6),
    z.refine(
      (given) => new Set(given.map((one) => one.metric)).size === given.length,
      'names a metric twice',
    ),
  ),
  segment_filter: z.optional(z.nullable(segmentFilter)),
  traffic_split: z.number().check(z.gte(0.01), z.lte(0.99)),
  target_sample_size: z.int().check(z.minimum(20), z.maximum(20_000)),
  min_duration_days: days(0),
  max_duration_days: days(1),
  looks,
  alpha: z.number().check(z.gte(0.001), z.lte(0.2)),
  power: z.number().check(z.gte(0.5), z.lte(0.99)),
  min_effect: z.optional(z.nullable(z.number().check(z.gt(0), z.lte(24 * 365 * 60)))),
  baseline_rate: z.optional(z.nullable(z.number().check(z.gte(0), z.lte(1)))),
};

/** A new experiment, with what is usual where it says nothing: three looks at 100 leads. */
export const newExperiment = z.strictObject({
  ...words,
  auto_apply: z._default(words.auto_apply, false),
  ...plan,
  secondary_metrics: z._default(plan.secondary_metrics, []),
  guardrails: z._default(plan.guardrails, []),
  traffic_split: z._default(plan.traffic_split, 0.5),
  target_sample_size: z._default(plan.target_sample_size, 100),
  min_duration_days: z._default(plan.min_duration_days, 14),
  max_duration_days: z._default(plan.max_duration_days, 90),
  looks: z._default(looks, [0.5, 0.75, 1]),
  alpha: z._default(plan.alpha, 0.05),
  power: z._default(plan.power, 0.8),
});

const optional = <T extends Record<string, z.ZodMiniType>>(shape: T) =>
  z.partial(z.strictObject(shape));

/** What of an experiment is to be another. */
export const experimentChanges = optional({ ...words, ...plan }).check(
  z.refine((given) => Object.keys(given).length > 0, { message: 'changes nothing' }),
);
