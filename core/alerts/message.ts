import * as z from 'zod/mini';
import { type AlertMetric, alertMetricNames, alertMetrics, shownFigure } from './metrics.ts';
import { addressOf, localTime, shownSource } from './words.ts';

/** How bad it is, mildest first. */
export const severities = ['info', 'warning', 'critical'] as const;

/** What is told of an incident: that it began, got worse, goes on, is over. */
export const toldTransitions = ['opened', 'escalated', 'reminded', 'resolved'] as const;

/** Why an incident is over: it is well again; the rule, the source or the agent is no more. */
export const resolveReasons = ['recovered', 'rule_off', 'source_gone', 'agent_gone'] as const;

const when = z.iso.datetime({ precision: 6 });
/** Gives a field its description. */
export function said<T extends z.ZodMiniType>(type: T, description: string): T {
  z.globalRegistry.add(type, { description });
  return type;
}

/** An alert as it is stored and as machines get it. Counts and times only, no person's data. */
export const alertMessage = z.strictObject({
  version: said(z.literal(2), 'Of this form: grows when a field changes its meaning or goes'),
  id: said(z.string(), 'Incident and number. It may come twice, always under the same id'),
  incident: said(z.uuid(), 'The same from its opening to its end'),
  number: said(z.int(), 'Which transition of the incident it is'),
  transition: z.enum(toldTransitions),
  reason: said(z.nullable(z.enum(resolveReasons)), 'Why it is resolved; null before'),
  rule: z.string(),
  metric: z.enum(alertMetricNames),
  severity: z.enum(severities),
  source: said(z.nullable(z.string()), 'The one source it is about; null: all'),
  agent_id: said(z.nullable(z.string()), "The one agent it is about, 'none' for nobody's leads"),
  scheduled_at: said(z.iso.datetime({ precision: 6 }), 'As of when the rule was checked'),
  opened_at: when,
  value: said(z.number(), "In the metric's unit, two decimals"),
  threshold: z.number(),
  recover_threshold: said(z.number(), 'Past it the incident is over'),
  window_hours: said(z.nullable(z.int()), 'Null: the metric has no window'),
  since: said(
    z.iso.datetime({ precision: 6 }),
    'When the window began, when the oldest lead came in or was due, or the last lead of a source',
  ),
  sample: said(z.int(), 'Leads the value is made of'),
  leads: said(z.int(), 'Those of them that are behind it'),
  waiting_leads: said(z.int(), 'Those of them that nobody has reached'),
  timezone: said(z.string(), "The workspace's IANA zone"),
  test: said(
    z.optional(z.literal(true)),
    'Nothing is wrong: somebody tries who hears. Left out of an alert',
  ),
});

/** An alert, version 2. */
export type AlertMessage = z.infer<typeof alertMessage>;

const beginnings: Record<AlertMessage['transition'], (severity: string) => string> = {
  opened: (severity) => severity,
  escalated: (severity) => `now ${severity}`,
  reminded: (severity) => `still ${severity}`,
  resolved: () => 'resolved',
};

/** One line, also of an e-mail: ASCII, at most 100 characters. */
export function subjectOf(message: AlertMessage): string {
  const { metric, severity, transition, value, threshold, source, test } = message;
  const name = test ? 'leadpulse TEST' : 'leadpulse';
  const figure = `${shownFigure(metric, value)} (limit ${shownFigure(metric, threshold)})`;
  const said = `${name} ${beginnings[transition](severity)}: ${metricOf(message).title} ${figure}`;
  const ofWhat = source ? `, ${source.replaceAll(/[^ -~]/g, '?')}` : '';
  return (said + ofWhat).slice(0, 100);
}

/**
 * The same for a person: what, how bad, since when, how many leads, and what to do. `apiUrl` as in
 * the settings.
 */
export function textOf(message: AlertMessage, apiUrl?: string): string {
  return `${headlineOf(message)}

${factsOf(message).join('\n')}

${stepsOf(message, apiUrl).join('\n')}

${originOf(message).join('\n')}
`;
}

/** What to do, and how a person comes to the leads that an alert is about. */
export function stepsOf(message: AlertMessage, apiUrl?: string): string[] {
  const incident = addressOf(`/v1/incidents/${message.incident}`, apiUrl);
  const howToSee = `The leads: GET ${incident}`;
  if (message.transition === 'resolved') return [howToSee];
  return [
    metricOf(message).what_to_do,
    howToSee,
    `To say that it is in hand: POST ${incident}/acknowledge`,
  ];
}

const endings: Record<(typeof resolveReasons)[number], string> = {
  recovered: 'It is over.',
  rule_off: 'The rule was switched off.',
  source_gone: 'No lead has this source any more, or none has come for 28 days.',
  agent_gone: 'The agent is not active any more.',
};

/** Of what, since when, and how many leads. */
export function factsOf(message: AlertMessage): string[] {
  const { test, timezone, source, agent_id, reason } = message;
  return [
    ...(test ? ['This is a test with made-up figures. Nothing is wrong.'] : []),
    ...(reason ? [endings[reason]] : []),
    ...(source === null ? [] : [`Source: ${shownSource(source)}`]),
    ...(agent_id === null ? [] : [`Agent: ${agent_id}`]),
    `Began: ${localTime(message.opened_at, timezone)}`,
    `Since: ${localTime(message.since, timezone)}`,
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

function headlineOf(message: AlertMessage): string {
  const { metric, value, threshold } = message;
  const [figure, limit] = [shownFigure(metric, value), shownFigure(metric, threshold)];
  return `${metricOf(message).title}: ${figure}. The limit is ${limit}.`;
}

function metricOf({ metric }: AlertMessage): AlertMetric {
  return alertMetrics[metric];
}
