import { type AlertMetric, type AlertMetricName, alertMetrics } from './metrics.ts';
import { localTime } from './words.ts';

/** How bad it is, mildest first. */
export const severities = ['info', 'warning', 'critical'] as const;

/** An alert as it is stored and as machines get it. Counts and times only, no person's data. */
export interface AlertMessage {
  /** Of this form: grows when a field changes its meaning or goes. */
  readonly version: 1;
  /** Rule and scheduled time. A message may come twice, always under the same id. */
  readonly id: string;
  readonly rule: string;
  readonly metric: AlertMetricName;
  readonly severity: (typeof severities)[number];
  /** As of when the rule was checked. */
  readonly scheduled_at: string;
  /** In the metric's unit, two decimals. */
  readonly value: number;
  readonly threshold: number;
  /** Null: the metric has no window. */
  readonly window_hours: number | null;
  /** When the window began, or when the oldest lead came in. */
  readonly since: string;
  readonly leads: number;
  readonly waiting_leads: number;
  /** The workspace's IANA zone. */
  readonly timezone: string;
  /** Nothing is wrong: somebody tries who hears. Left out of an alert. */
  readonly test?: true;
}

/** One line, also of an e-mail: ASCII, at most 100 characters. */
export function subjectOf(message: AlertMessage): string {
  const { title, show } = metricOf(message);
  const { severity, value, threshold, test } = message;
  const name = test ? 'leadpulse TEST' : 'leadpulse';
  return `${name} ${severity}: ${title} ${show(value)} (limit ${show(threshold)})`;
}

/** The same for a person: what, how bad, since when, how many leads, and what to do. */
export function textOf(message: AlertMessage): string {
  const { title, show, what_to_do } = metricOf(message);
  return `${title}: ${show(message.value)}. The limit is ${show(message.threshold)}.

${factsOf(message).join('\n')}

${what_to_do}
${howToSee}

${originOf(message).join('\n')}
`;
}

/** How a person comes to the leads that an alert is about. */
export const howToSee = 'The leads: GET /v1/leads?waiting=true';

/** Since when, and which leads. */
export function factsOf(message: AlertMessage): string[] {
  return [
    ...(message.test ? ['This is a test with made-up figures. Nothing is wrong.'] : []),
    `Since: ${localTime(message.since, message.timezone)}`,
    `Leads: ${metricOf(message).leads(message)}`,
  ];
}

/** Where an alert comes from. */
export function originOf({ id, rule, severity, scheduled_at, timezone }: AlertMessage): string[] {
  return [
    `Checked as of ${localTime(scheduled_at, timezone)}, time zone ${timezone}.`,
    `Rule ${rule}, ${severity}. Message ${id}`,
  ];
}

function metricOf({ metric }: AlertMessage): AlertMetric {
  return alertMetrics[metric];
}
