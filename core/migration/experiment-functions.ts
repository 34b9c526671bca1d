import addExperiment from '../../sql/functions/add_experiment.sql' with { type: 'text' };
import addLook from '../../sql/functions/add_look.sql' with { type: 'text' };
import assignExperiments from '../../sql/functions/assign_experiments.sql' with { type: 'text' };
import changeExperiment from '../../sql/functions/change_experiment.sql' with { type: 'text' };
import changeSkill from '../../sql/functions/change_skill.sql' with { type: 'text' };
import countSkillLift from '../../sql/functions/count_skill_lift.sql' with { type: 'text' };
import decideExperiment from '../../sql/functions/decide_experiment.sql' with { type: 'text' };
import endExperiment from '../../sql/functions/end_experiment.sql' with { type: 'text' };
import experimentBaseline from '../../sql/functions/experiment_baseline.sql' with { type: 'text' };
import experimentBucket from '../../sql/functions/experiment_bucket.sql' with { type: 'text' };
import experimentFacts from '../../sql/functions/experiment_facts.sql' with { type: 'text' };
import experimentJson from '../../sql/functions/experiment_json.sql' with { type: 'text' };
import experimentMetrics from '../../sql/functions/experiment_metrics.sql' with { type: 'text' };
import experimentStatus from '../../sql/functions/experiment_status.sql' with { type: 'text' };
import experimentUnits from '../../sql/functions/experiment_units.sql' with { type: 'text' };
import experimentWindowHours from '../../sql/functions/experiment_window_hours.sql' with {
  type: 'text',
};
import fitsSegment from '../../sql/functions/fits_segment.sql' with { type: 'text' };
import fnv1a32 from '../../sql/functions/fnv1a_32.sql' with { type: 'text' };
import guardExperiment from '../../sql/functions/guard_experiment.sql' with { type: 'text' };
import guardLook from '../../sql/functions/guard_look.sql' with { type: 'text' };
import leadExperimentsJson from '../../sql/functions/lead_experiments_json.sql' with {
  type: 'text',
};
import recordEvaluations from '../../sql/functions/record_evaluations.sql' with { type: 'text' };
import runExperiment from '../../sql/functions/run_experiment.sql' with { type: 'text' };
import stopExperiment from '../../sql/functions/stop_experiment.sql' with { type: 'text' };
import type { SqlFile } from './migrations.ts';

/** Functions that put leads into experiments, and keep what was begun as it is. */
export const experimentAssignment: readonly SqlFile[] = [
  ['fnv1a_32', fnv1a32],
  ['experiment_bucket', experimentBucket],
  ['fits_segment', fitsSegment],
  ['assign_experiments', assignExperiments],
  ['lead_experiments_json', leadExperimentsJson],
  ['guard_experiment', guardExperiment],
  ['guard_look', guardLook],
];

/** Functions that plan, run, judge and end experiments. */
export const experiments: readonly SqlFile[] = [
  ['experiment_window_hours', experimentWindowHours],
  ['experiment_status', experimentStatus],
  ['experiment_metrics', experimentMetrics],
  ['experiment_units', experimentUnits],
  ['experiment_facts', experimentFacts],
  ['experiment_json', experimentJson],
  ['experiment_baseline', experimentBaseline],
  ['add_experiment', addExperiment],
  ['change_experiment', changeExperiment],
  ['run_experiment', runExperiment],
  ['change_skill', changeSkill],
  ['decide_experiment', decideExperiment],
  ['count_skill_lift', countSkillLift],
  ['add_look', addLook],
  ['end_experiment', endExperiment],
  ['stop_experiment', stopExperiment],
  ['record_evaluations', recordEvaluations],
];
