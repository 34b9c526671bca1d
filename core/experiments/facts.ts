import type { MetricName } from './metrics.ts';

/** One arm in one metric, over the people whose time is up. Only minutes have mean and variance. */
export interface ArmOutcome {
  readonly n: number;
  readonly x: number;
  readonly mean: number | null;
  readonly variance: number | null;
}

/** How the arms compare in one metric, as `experiment_outcomes` counts. */
export interface Outcome {
  readonly role: 'primary' | 'guardrail' | 'secondary';
  readonly metric: MetricName;
  readonly window_hours: number;
  /** Of a guardrail: by how much it may be worse, as a share. */
  readonly margin: number | null;
  readonly control: ArmOutcome;
  readonly treatment: ArmOutcome;
  /** Of minutes: treatment's, by midranks; null without anybody. */
  readonly rank_sum: number | null;
  /** Of minutes: the sum of c³ − c over ties. */
  readonly ties: number | null;
  /** Twice each midrank, treatment's first; for up to 30 people. */
  readonly doubled_ranks: readonly number[] | null;
}

/** What `experiment_facts` knows of an experiment, as of a moment. */
export interface Facts {
  readonly as_of: string;
  readonly started_at: string;
  readonly people: {
    readonly assigned: Counts;
    readonly excluded: Counts & Record<ExclusionReason | 'repeat_leads', number>;
  };
  /** Who was assigned in which order: T for treatment, C for control. */
  readonly arms: string;
  /** The looks of the plan that were taken, in order. */
  readonly looks: readonly Taken[];
  /** The primary metric first. */
  readonly metrics: readonly [Outcome, ...Outcome[]];
  readonly next_look: { readonly leads: number; readonly at: string | null } | null;
}

/** People in each arm. */
export interface Counts {
  readonly control: number;
  readonly treatment: number;
}

/** Why a person does not count. */
export type ExclusionReason = 'test' | 'duplicate' | 'contacted_before' | 'both_arms';

/** A look of the plan: how many are behind it, its share of the target, its level. */
export interface Taken {
  readonly planned: number;
  readonly information: number;
  readonly p_allowed: number;
}

/** What was planned, as it stands since the start. Shares are between 0 and 1. */
export interface Plan {
  readonly traffic_split: number;
  readonly target_sample_size: number;
  readonly min_duration_days: number;
  readonly max_duration_days: number;
  readonly alpha: number;
  readonly power: number;
  readonly looks: readonly number[];
  readonly min_effect: number | null;
  readonly baseline_rate: number | null;
}
