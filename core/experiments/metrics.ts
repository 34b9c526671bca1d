/** What an experiment compares: its words in a sentence, and which side is good. */
interface ExperimentMetric {
  /** "33 of 50 treated leads were contacted". */
  readonly happened: string;
  readonly isTime?: true;
  /** True: less is better. */
  readonly lessIsGood?: true;
}

/** Every metric of experiments; how long a lead is watched for each: `experiment_window_hours`. */
export const experimentMetrics = {
  response_rate: { happened: 'were contacted' },
  conversion_rate: { happened: 'converted' },
  time_to_contact: { happened: 'were contacted', isTime: true, lessIsGood: true },
  appointment_rate: { happened: 'got an appointment' },
  qualified_rate: { happened: 'were qualified' },
  reply_rate: { happened: 'replied' },
  dead_rate: { happened: 'died', lessIsGood: true },
} as const satisfies Record<string, ExperimentMetric>;

/** A metric's name. */
export type MetricName = keyof typeof experimentMetrics;

/** Their names. */
export const metricNames = Object.keys(experimentMetrics) as [MetricName, ...MetricName[]];

/** Those that are shares of leads. */
export const rateNames = metricNames.filter((name) => name !== 'time_to_contact') as [
  MetricName,
  ...MetricName[],
];

/** A metric by its name. */
export function metricOf(name: MetricName): ExperimentMetric {
  return experimentMetrics[name];
}
