import { evaluateExperiments } from '../core/experiments/evaluate.ts';
import { jobHandler } from '../core/jobs/stack.ts';

/** Daily: judges the experiments that run. */
export const handler = jobHandler('evaluate-experiments', evaluateExperiments);
