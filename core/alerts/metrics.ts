import type { AlertMessage } from './message.ts';
import { duration } from './words.ts';

/** What a rule can watch: the words of its alert. Its figure is sql/functions/<metric>.sql. */
export interface AlertMetric {
  /** Begins a sentence and a subject: ASCII, at most 50 characters. */
  readonly title: string;
  /** A figure or a threshold of this metric, for a person. */
  show(value: number): string;
  /** Which leads it is about. */
  leads(message: AlertMessage): string;
  readonly what_to_do: string;
}

/** Every alert metric that exists, by the name rules use. */
export const alertMetrics = {
  avg_response_hours: {
    title: 'Average response time',
    show: (hours) => duration(hours * 60),
    leads: ({ leads, waiting_leads, window_hours }) =>
      `${leads} came in within ${window_hours} hours, ${waiting_leads} of them still wait`,
    what_to_do: 'Call the leads that wait, oldest first, and see who is missing at the phones.',
  },
  oldest_waiting_minutes: {
    title: 'Oldest lead without an answer',
    show: duration,
    leads: ({ leads, waiting_leads }) => `${leads} over the limit, ${waiting_leads} waiting in all`,
    what_to_do: 'Call it, or mark it dead: this alert comes every hour until someone does.',
  },
} as const satisfies Record<string, AlertMetric>;

/** The name of an alert metric. */
export type AlertMetricName = keyof typeof alertMetrics;
