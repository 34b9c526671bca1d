import { duration } from './words.ts';

/** How many leads a figure is about. */
export interface AlertLeads {
  readonly window_hours: number | null;
  /** Those it is made of, those that are behind it, those that nobody has reached. */
  readonly sample: number;
  readonly leads: number;
  readonly waiting_leads: number;
}

/** What a rule can watch, and the words of its alert. Its figure is in `alert_readings`. */
export interface AlertMetric {
  /** Begins a sentence and a subject: ASCII, at most 50 characters. */
  readonly title: string;
  readonly unit: 'hours' | 'minutes' | 'percent' | 'leads';
  /** Which side of its threshold is bad. */
  readonly bad: 'above' | 'below';
  /** Whether a rule says of how many hours. */
  readonly has_window: boolean;
  /** Whether a rule says how many leads are enough to tell; else one is. */
  readonly has_minimum: boolean;
  /** Which leads it is about. */
  leads(of: AlertLeads): string;
  readonly what_to_do: string;
}

const callFirst = 'Call the leads that wait, oldest first, and see who is missing at the phones.';
const rate = { unit: 'percent', bad: 'below', has_window: true, has_minimum: true } as const;
const cameIn = ({ sample, waiting_leads, window_hours }: AlertLeads) =>
  `${sample} came in within ${window_hours} hours, ${waiting_leads} of them still wait`;

/** Every alert metric that exists, by the name rules use. */
export const alertMetrics = {
  avg_response_hours: {
    title: 'Average response time',
    unit: 'hours',
    bad: 'above',
    has_window: true,
    has_minimum: true,
    leads: cameIn,
    what_to_do: callFirst,
  },
  p90_response_minutes: {
    title: 'Response time of the slowest tenth',
    unit: 'minutes',
    bad: 'above',
    has_window: true,
    has_minimum: true,
    leads: cameIn,
    what_to_do: callFirst,
  },
  sla_attainment: {
    ...rate,
    title: 'Leads answered in time',
    leads: ({ sample, leads, window_hours }) =>
      `${sample} were due within ${window_hours} hours, ${leads} of them not answered by then`,
    what_to_do: 'See in the report sla-attainment who is late: by source, by agent, by policy.',
  },
  breached_leads: {
    title: 'Leads past their time without an answer',
    unit: 'leads',
    bad: 'above',
    has_window: false,
    has_minimum: false,
    leads: ({ leads }) => `${leads} past their time`,
    what_to_do: 'Call them, or mark them dead: each counts until someone does.',
  },
  oldest_waiting_minutes: {
    title: 'Oldest lead without an answer',
    unit: 'minutes',
    bad: 'above',
    has_window: false,
    has_minimum: false,
    leads: ({ leads, waiting_leads }) => `${leads} over the limit, ${waiting_leads} waiting in all`,
    what_to_do: 'Call it, or mark it dead: this goes on until someone does.',
  },
  contact_rate: {
    ...rate,
    title: 'Leads reached',
    leads: ({ sample, leads, window_hours }) =>
      `${sample} came in within ${window_hours} hours up to a day ago, ${leads} not reached yet`,
    what_to_do: callFirst,
  },
  conversion_rate: {
    ...rate,
    title: 'Leads that became customers',
    leads: ({ sample, leads, window_hours }) =>
      `${sample} came in within ${window_hours} hours up to 30 days ago, ${leads} not converted`,
    what_to_do: 'See in the report conversion-funnel where they are lost.',
  },
  leads_received: {
    title: 'Leads that came in',
    unit: 'leads',
    bad: 'below',
    has_window: true,
    has_minimum: false,
    leads: ({ sample, window_hours }) => `${sample} came in within ${window_hours} hours`,
    what_to_do: 'See whether forms, hooks and campaigns still run.',
  },
  source_silence_hours: {
    title: 'Source without a new lead',
    unit: 'hours',
    bad: 'above',
    has_window: false,
    has_minimum: false,
    leads: ({ sample }) => `${sample} in the 28 days before`,
    what_to_do: "See whether the source's form, hook or campaign still runs.",
  },
} as const satisfies Record<string, AlertMetric>;

/** The name of an alert metric. */
export type AlertMetricName = keyof typeof alertMetrics;

/** All of them. */
export const alertMetricNames = Object.keys(alertMetrics) as AlertMetricName[];

const units: Record<AlertMetric['unit'], (figure: number) => string> = {
  hours: (figure) => duration(figure * 60),
  minutes: duration,
  percent: (figure) => `${figure} %`,
  leads: (figure) => (figure === 1 ? '1 lead' : `${figure} leads`),
};

/** A figure or a threshold of a metric, for a person. */
export function shownFigure(metric: AlertMetricName, figure: number): string {
  return units[alertMetrics[metric].unit](figure);
}
