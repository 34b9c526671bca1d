import * as z from 'zod/mini';
import { said } from '../alerts/message.ts';
import { addressOf, localTime } from '../alerts/words.ts';
import { type Warning, warnings } from './warnings.ts';

/** What is told of an experiment, as it is stored and as machines get it. Counts only. */
export const experimentMessage = z.strictObject({
  version: said(z.literal(1), 'Of this form: grows when a field changes its meaning or goes'),
  id: said(z.string(), 'Experiment and what happened. It may come twice, always under this id'),
  transition: said(z.literal('experiment'), 'What tells it from an alert'),
  happened: said(z.enum(['ended', 'warned']), 'Whether it is over, or something is wrong with it'),
  experiment_id: z.uuid(),
  experiment: z.string(),
  primary_metric: z.string(),
  warning: said(z.nullable(z.enum(warnings)), 'What is wrong; null where it ended'),
  decision: said(z.nullable(z.string()), 'KEEP, KILL or INCONCLUSIVE; null where it goes on'),
  decision_code: z.nullable(z.string()),
  reason: said(z.string(), 'For people: why it is decided so, or what to do'),
  auto_apply: said(z.boolean(), 'False: a person confirms it'),
  scheduled_at: said(z.iso.datetime({ offset: true }), 'As of when it was evaluated'),
  timezone: said(z.string(), "The workspace's IANA zone"),
});

/** A message of an experiment, version 1. */
export type ExperimentMessage = z.infer<typeof experimentMessage>;

/** What each warning says to who leads the team. */
export const warningSentences: Record<Warning, string> = {
  NO_DATA: 'A day after its start nobody is in it: look at its segment, and whether leads come in.',
  LOW_COVERAGE:
    'More than 5 % of the leads it is for are not in it: they came by the queue while the ' +
    'database was away, or were stored in another way.',
  TOO_SLOW: 'At this pace its longest duration comes before its leads do.',
  SPLIT_UNWATCHED: 'It holds 30,000 people, and its split is watched no further.',
};

/** One line: ASCII, at most 100 characters. */
export function experimentSubject({ experiment, decision, happened }: ExperimentMessage): string {
  const name = experiment.replaceAll(/[^ -~]/g, '?');
  const what = happened === 'ended' ? `ended: ${decision}` : 'needs a look';
  return `leadpulse experiment ${name.slice(0, 60)} ${what}`.slice(0, 100);
}

/** What happened, and where to go on. `apiUrl` as in the settings. */
export function experimentSteps(message: ExperimentMessage, apiUrl?: string): string[] {
  const one = addressOf(`/v1/experiments/${message.experiment_id}`, apiUrl);
  const steps = [`The experiment: GET ${one}`];
  if (message.happened === 'warned') return steps;
  const decide = message.auto_apply
    ? 'It was applied. To decide otherwise'
    : 'To confirm it or to decide otherwise';
  return [...steps, `What it saw: GET ${one}/looks`, `${decide}: POST ${one}/decision`];
}

/** The same for a person. */
export function experimentText(message: ExperimentMessage, apiUrl?: string): string {
  const { experiment, primary_metric, reason, id } = message;
  return `Experiment ${experiment}, about ${primary_metric.replaceAll('_', ' ')}

${reason}

${experimentSteps(message, apiUrl).join('\n')}

${originOf(message)}
Message ${id}
`;
}

/** As of when it was evaluated. */
export function originOf({ scheduled_at, timezone }: ExperimentMessage): string {
  return `Evaluated as of ${localTime(scheduled_at, timezone)}, time zone ${timezone}.`;
}
