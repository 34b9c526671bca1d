import { refreshMetrics } from '../core/jobs/refresh-metrics.ts';
import { jobHandler } from '../core/jobs/stack.ts';

/** Daily: refreshes the materialized view lead_metrics. */
export const handler = jobHandler('refresh-metrics', refreshMetrics);
