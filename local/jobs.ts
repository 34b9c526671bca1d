import type { JobHandler } from './schedules.ts';

/**
 * The functions that schedules name. Loaded when asked for, so that `npm run job` can set their
 * environment first.
 */
export async function loadJobs() {
  const [checkSla, sendDigest, refreshMetrics, applyRetention, evaluateExperiments] =
    await Promise.all([
      import('../functions/check-sla.ts'),
      import('../functions/send-digest.ts'),
      import('../functions/refresh-metrics.ts'),
      import('../functions/apply-retention.ts'),
      import('../functions/evaluate-experiments.ts'),
    ]);
  return {
    'check-sla': checkSla.handler as unknown as JobHandler,
    'send-digest': sendDigest.handler as unknown as JobHandler,
    'refresh-metrics': refreshMetrics.handler as unknown as JobHandler,
    'apply-retention': applyRetention.handler as unknown as JobHandler,
    'evaluate-experiments': evaluateExperiments.handler as unknown as JobHandler,
  };
}
