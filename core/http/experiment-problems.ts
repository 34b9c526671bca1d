/** What breaking a constraint means to a caller; 422 where no status is said. */
export interface Meaning {
  readonly status?: number;
  readonly pointer: string;
  readonly detail: string;
}

/** What breaking a constraint of experiments means to a caller, by the constraint's name. */
export const experimentMeanings = {
  lead_experiments_skill_id_fkey: { pointer: '/skill_id', detail: 'No skill has this id.' },
  lead_experiments_started: {
    status: 409,
    pointer: '',
    detail:
      'The experiment was started: its plan stays. Plan another one, which may name this one as ' +
      '"follows_experiment_id".',
  },
  lead_experiments_max_duration: {
    pointer: '/max_duration_days',
    detail: '"max_duration_days" is at least "min_duration_days".',
  },
  lead_experiments_outcome_window: {
    pointer: '/outcome_window_hours',
    detail: 'No lead would have its time within "max_duration_days".',
  },
  lead_experiments_min_effect: {
    pointer: '/min_effect',
    detail: 'Of a rate "min_effect" is a share below 1, such as 0.1 for ten points.',
  },
  lead_experiments_guardrails: {
    pointer: '/guardrails',
    detail: 'A guardrail is each metric once, and not "primary_metric".',
  },
  lead_experiments_secondary_metrics: {
    pointer: '/secondary_metrics',
    detail: '"primary_metric" is no secondary one.',
  },
  lead_experiments_follows_another: {
    pointer: '/follows_experiment_id',
    detail: 'An experiment does not follow itself.',
  },
  lead_experiments_follows_fkey: {
    pointer: '/follows_experiment_id',
    detail: 'No experiment has this id.',
  },
  experiments_at_once: {
    status: 409,
    pointer: '',
    detail: 'There are 10 experiments that run or are paused: complete one first.',
  },
  experiment_begun: {
    status: 409,
    pointer: '',
    detail: 'The experiment was never started.',
  },
  experiment_not_over: {
    status: 409,
    pointer: '',
    detail: 'The experiment is over: plan another one.',
  },
  experiment_over: {
    status: 409,
    pointer: '',
    detail: 'The experiment is not over: there is nothing to decide yet.',
  },
  experiment_decided_because: {
    pointer: '/because',
    detail: 'This is not what was recommended: say "because".',
  },
} satisfies Record<string, Meaning>;
