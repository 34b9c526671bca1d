import { type AlertMetric, type AlertMetricName, alertMetrics } from './metrics.ts';
import { localTime } from './words.ts';

/** An alert as it is stored and as machines get it. Counts and times only, no person's data. */
export interface AlertMessage {
  /** Of this form: grows when a field changes its meaning or goes. */
  readonly version: 1;
  /** Rule and scheduled time. A message may come twice, always under the same id. */
  readonly id: string;
  readonly rule: string;
  readonly metric: AlertMetricName;
  readonly severity: 'info' | 'warning' | 'critical';
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
}

/** One line, also of an e-mail: ASCII, at most 100 characters. */
export function subjectOf(message: AlertMessage): string {
  const { title, show } = metricOf(message);
  const { severity, value, threshold } = message;
  return `leadpulse ${severity}: ${title} ${show(value)} (limit ${show(threshold)})`;
}

/** The same for a person: what, how bad, since when, how many leads, and what to do. */
export function textOf(message: AlertMessage): string {
  const { title, show, leads, what_to_do } = metricOf(message);
  const at = (time: string) => localTime(time, message.timezone);
  return `${title}: ${show(message.value)}. The limit is ${show(message.threshold)}.

Since: ${at(message.since)}
Leads: ${leads(message)}

${what_to_do}
The leads: GET /v1/leads?waiting=true

Checked as of ${at(message.scheduled_at)}, time zone ${message.timezone}.
Rule ${message.rule}, ${message.severity}. Message ${message.id}
`;
}

function metricOf({ metric }: AlertMessage): AlertMetric {
  return alertMetrics[metric];
}
