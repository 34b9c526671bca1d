import { detectableEffect, leadsForRates, powerOfRates } from '../statistics/power.ts';
import { detectableWins } from '../statistics/win-probability.ts';
import type { Experiment } from './answers.ts';
import { metricOf } from './metrics.ts';

/** What was before an experiment, as `experiment_baseline` counts. */
export interface Baseline {
  readonly leads: number;
  readonly leads_per_day: number;
  readonly rate: number | null;
}

/**
 * What a plan can show before it starts: the smallest effect that its leads see with its power, the
 * leads that `min_effect` takes, and how long both take. By one look and the normal approximation:
 * three looks want a few leads more. Of minutes only the win probability can be said.
 */
export function outlookOf(plan: Experiment, baseline: Baseline) {
  const isTime = metricOf(plan.primary_metric).isTime === true;
  const rate = isTime ? null : (plan.baseline_rate ?? baseline.rate);
  const design = {
    leads: plan.target_sample_size,
    split: plan.traffic_split,
    alpha: plan.alpha,
    power: plan.power,
  };
  const { detectable, needed, reached } = effectsOf(plan, rate, design);
  const warnings: string[] = [];
  if (reached !== null && reached < plan.power) warnings.push('UNDERPOWERED');
  const days = daysFor(plan, baseline);
  if (days !== null && days > plan.max_duration_days) warnings.push('TOO_SLOW');
  return {
    baseline_rate: rate,
    baseline_leads: baseline.leads,
    leads_per_day: baseline.leads_per_day,
    detectable_effect: detectable,
    detectable_win_probability: isTime ? detectableWins(design) : null,
    leads_needed: needed,
    days_needed: days,
    power_at_min_effect: reached,
    warnings,
  };
}

function effectsOf(
  plan: Experiment,
  baseline: number | null,
  design: { leads: number; split: number; alpha: number; power: number },
) {
  const direction = metricOf(plan.primary_metric).lessIsGood ? -1 : 1;
  if (baseline === null) return { detectable: null, needed: null, reached: null };
  const detectable = detectableEffect({ ...design, baseline, direction });
  const effect = direction * (plan.min_effect ?? 0);
  const treated = baseline + effect;
  if (plan.min_effect === null || treated < 0 || treated > 1) {
    return { detectable, needed: null, reached: null };
  }
  const needed = Math.ceil(leadsForRates({ ...design, baseline, effect }));
  return { detectable, needed, reached: powerOfRates({ ...design, baseline, effect }) };
}

/** Until the last lead's time is up, at the pace of the last 90 days; null where none came. */
function daysFor(plan: Experiment, { leads_per_day }: Baseline): number | null {
  if (leads_per_day === 0) return null;
  return Math.ceil(plan.target_sample_size / leads_per_day + plan.outcome_window_hours / 24);
}
