/** Every report by its name, with the rows of the previous window where they are asked for. */

import { agentPerformance } from './reports/agent-performance.ts';
import { contactCurve } from './reports/contact-curve.ts';
import { conversionFunnel } from './reports/conversion-funnel.ts';
import { dataQuality } from './reports/data-quality.ts';
import { duplicates } from './reports/duplicates.ts';
import { executiveSummary } from './reports/executive-summary.ts';
import { experimentResults } from './reports/experiment-results.ts';
import { leadSourcePerformance } from './reports/lead-source-performance.ts';
import { responseTimeReport } from './reports/response-time.ts';
import { slaAttainment, waitingLeads } from './reports/sla.ts';
import { leadMetrics, trend } from './reports/trend.ts';
import type { Answer, Facts, Parameters } from './types.ts';
import { previousPeriod } from './window.ts';

export type ReportName =
  | 'executive-summary'
  | 'conversion-funnel'
  | 'response-time'
  | 'lead-source-performance'
  | 'agent-performance'
  | 'experiment-results'
  | 'trend'
  | 'lead-metrics'
  | 'sla-attainment'
  | 'waiting-leads'
  | 'contact-curve'
  | 'data-quality'
  | 'duplicates';

export const ORACLE_REPORTS: Record<ReportName, (facts: Facts, parameters: Parameters) => Answer> =
  {
    'executive-summary': executiveSummary,
    'conversion-funnel': conversionFunnel,
    'response-time': responseTimeReport,
    'lead-source-performance': leadSourcePerformance,
    'agent-performance': agentPerformance,
    'experiment-results': experimentResults,
    trend,
    'lead-metrics': leadMetrics,
    'sla-attainment': slaAttainment,
    'waiting-leads': waitingLeads,
    'contact-curve': contactCurve,
    'data-quality': dataQuality,
    duplicates,
  };

/**
 * A report's rows, all of them (the product cuts at 1,000), and what it left out. `excluded` is
 * the current window's also when the previous one is compared.
 */
export function oracleReport(name: ReportName, facts: Facts, parameters: Parameters): Answer {
  const report = ORACLE_REPORTS[name];
  const current = report(facts, parameters);
  if (parameters.compare === null) return current;
  const previous = report(facts, previousPeriod(parameters));
  return {
    excluded: current.excluded,
    rows: [
      ...current.rows.map((row) => ({ ...row, period: 'current' })),
      ...previous.rows.map((row) => ({ ...row, period: 'previous' })),
    ],
  };
}
