import dueSql from '../../sql/experiments/due-evaluations.sql' with { type: 'text' };
import recordSql from '../../sql/experiments/record-evaluations.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import type { Experiment } from './answers.ts';
import type { Facts } from './facts.ts';
import { judge } from './judge.ts';
import { resultOf } from './result.ts';
import { warningsOf } from './warnings.ts';

interface Due {
  readonly experiment: Experiment;
  readonly facts: Facts;
  readonly coverage: { readonly assigned: number; readonly missed: number };
}

/**
 * Judges every experiment that runs or is paused, once a day, as of the scheduled time: looks that
 * are due are stored, those that are decided end. Two Data API calls, however many there are.
 */
export async function evaluateExperiments(scheduled_at: string) {
  const due = await query<Due>(dueSql, { scheduled_at }, 'job');
  const items = due.map(({ experiment, facts, coverage }) => {
    const judgement = judge(facts, experiment);
    const ends = judgement.decision !== null;
    return {
      id: experiment.id,
      ends,
      warnings: warningsOf(facts, experiment, coverage),
      ...((ends || judgement.look) && { result: resultOf(facts, experiment, judgement) }),
    };
  });
  const [row] = await query<{ evaluated: number }>(recordSql, { scheduled_at, items }, 'job');
  return { evaluated: row?.evaluated ?? 0, ended: items.filter(({ ends }) => ends).length };
}
