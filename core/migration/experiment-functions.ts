import assignExperiments from '../../sql/functions/assign_experiments.sql' with { type: 'text' };
import experimentBucket from '../../sql/functions/experiment_bucket.sql' with { type: 'text' };
import fitsSegment from '../../sql/functions/fits_segment.sql' with { type: 'text' };
import fnv1a32 from '../../sql/functions/fnv1a_32.sql' with { type: 'text' };
import guardExperiment from '../../sql/functions/guard_experiment.sql' with { type: 'text' };
import guardLook from '../../sql/functions/guard_look.sql' with { type: 'text' };
import leadExperimentsJson from '../../sql/functions/lead_experiments_json.sql' with {
  type: 'text',
};
import personUnit from '../../sql/functions/person_unit.sql' with { type: 'text' };
import type { SqlFile } from './migrations.ts';

/** Functions that put leads into experiments, and keep what was begun as it is. */
export const experimentAssignment: readonly SqlFile[] = [
  ['fnv1a_32', fnv1a32],
  ['experiment_bucket', experimentBucket],
  ['person_unit', personUnit],
  ['fits_segment', fitsSegment],
  ['assign_experiments', assignExperiments],
  ['lead_experiments_json', leadExperimentsJson],
  ['guard_experiment', guardExperiment],
  ['guard_look', guardLook],
];
