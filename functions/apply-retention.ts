import { applyRetention } from '../core/jobs/apply-retention.ts';
import { jobHandler } from '../core/jobs/stack.ts';

/** Daily: empties what is older than it may be. */
export const handler = jobHandler('apply-retention', applyRetention);
