import dueSql from '../../sql/experiments/due-evaluations.sql' with { type: 'text' };
import recordSql from '../../sql/experiments/record-evaluations.sql' with { type: 'text' };
import { deliverAll, finishRun, type Leased, mostMessages } from '../alerts/deliver.ts';
import { topicsOf } from '../alerts/publish.ts';
import { query } from '../database/client.ts';
import { settings } from '../settings.ts';
import { type ExperimentMessage, warningSentences } from './announcement.ts';
import type { Experiment } from './answers.ts';
import type { Facts } from './facts.ts';
import { judge } from './judge.ts';
import { resultOf } from './result.ts';
import { type Warning, warningsOf } from './warnings.ts';

interface Due {
  readonly experiment: Experiment;
  readonly facts: Facts;
  readonly coverage: { readonly assigned: number; readonly missed: number };
  readonly timezone: string;
}

/**
 * Judges every experiment that runs or is paused, once a day, as of the scheduled time: looks that
 * are due are stored, those that are decided end, and what there is to tell is published as alerts
 * are. Three Data API calls, however many there are. Throws when a message could not be published,
 * or one of them not be judged: after the others were.
 */
export async function evaluateExperiments(scheduledAt: string) {
  const topics = topicsOf(settings());
  const due = await query<Due>(dueSql, { scheduled_at: scheduledAt }, 'job');
  const items: ReturnType<typeof evaluated>[] = [];
  const failures: unknown[] = [];
  for (const one of due) {
    // One that cannot be judged keeps no other from it.
    try {
      items.push(evaluated(one, scheduledAt));
    } catch (error) {
      failures.push(error);
    }
  }
  const most = topics.length > 0 ? mostMessages : 0;
  const given = { scheduled_at: scheduledAt, items, most };
  const rows = await query<Leased & Outcome>(recordSql, given, 'job');
  const { evaluated: count = 0, ended = 0 } = rows[0] ?? {};
  const outcome: Outcome = { evaluated: count, ended };
  const deliveries = await deliverAll(rows, topics);
  const run = { job: 'evaluate-experiments', scheduledAt, rows, deliveries, outcome } as const;
  const published = await finishRun(run);
  if (failures.length > 0) throw failures[0];
  return { ...outcome, published };
}

interface Outcome {
  readonly evaluated: number;
  readonly ended: number;
}

/** What is to be recorded of an experiment. */
function evaluated({ experiment, facts, coverage, timezone }: Due, scheduled_at: string) {
  const judgement = judge(facts, experiment);
  const ends = judgement.decision !== null;
  const warnings = warningsOf(facts, experiment, coverage);
  const result = ends || judgement.look ? resultOf(facts, experiment, judgement) : undefined;
  const about = (happened: 'ended' | 'warned', what: string) => ({
    version: 1 as const,
    id: `experiment:${experiment.id}:${what}`,
    transition: 'experiment' as const,
    happened,
    experiment_id: experiment.id,
    experiment: experiment.name,
    primary_metric: experiment.primary_metric,
    auto_apply: experiment.auto_apply,
    scheduled_at,
    timezone,
  });
  const undecided = { decision: null, decision_code: null };
  const messages: ExperimentMessage[] = warnings.map((warning: Warning) => ({
    ...about('warned', warning),
    warning,
    ...undecided,
    reason: warningSentences[warning],
  }));
  if (ends && result) {
    const { decision, decision_code, decision_reason: reason } = result;
    messages.push({ ...about('ended', 'ended'), warning: null, decision, decision_code, reason });
  }
  return { id: experiment.id, ends, warnings, messages, ...(result && { result }) };
}
