import agentPerformance from '../../sql/reports/agent-performance.sql' with { type: 'text' };
import conversionFunnel from '../../sql/reports/conversion-funnel.sql' with { type: 'text' };
import executiveSummary from '../../sql/reports/executive-summary.sql' with { type: 'text' };
import leadMetrics from '../../sql/reports/lead-metrics.sql' with { type: 'text' };
import leadSourcePerformance from '../../sql/reports/lead-source-performance.sql' with {
  type: 'text',
};
import responseTime from '../../sql/reports/response-time.sql' with { type: 'text' };
import trend from '../../sql/reports/trend.sql' with { type: 'text' };
import {
  agentId,
  count,
  date,
  flag,
  interval,
  maybeCount,
  maybeText,
  minutes,
  percent,
  text,
} from '../reports/columns.ts';
import { type Report, report } from '../reports/report.ts';
import {
  agentName,
  avgDealValue,
  avgMinutes,
  campaign,
  contactedLeads,
  conversionRate,
  conversions,
  medianMinutes,
  qualifiedLeads,
  qualityScore,
  scores,
  source,
  spend,
  totalLeads,
  totalRevenue,
  volumes,
  within,
} from '../reports/shared-columns.ts';
import { dataReports } from './data-reports.ts';
import { experimentReports } from './experiment-reports.ts';
import { slaReports } from './sla-reports.ts';

const buckets = ['day', 'week', 'month'];
/** Every report that exists. */
export const reports: readonly Report[] = [
  report({
    name: 'executive-summary',
    title: 'Executive summary',
    question: 'How is the pipeline doing, in one line?',
    sql: executiveSummary,
    columns: [
      totalLeads,
      count('active_sources', 'sources with at least one lead'),
      conversions,
      conversionRate,
      avgMinutes,
      totalRevenue,
      avgDealValue,
      ...scores,
      contactedLeads,
      count('waiting_leads', 'leads not dead that reached no stage yet'),
      medianMinutes,
      ...interval('conversion_rate'),
    ],
  }),
  report({
    name: 'conversion-funnel',
    title: 'Conversion funnel',
    question: 'How far do leads get, and where do they die?',
    sql: conversionFunnel,
    columns: [
      text('current_stage', 'new, contacted, qualified, appointment, offer, closed, then dead'),
      count('count', 'leads in this stage now'),
      percent('percentage', 'count in percent of all leads'),
      maybeCount('previous_stage_count', 'leads that reached the stage before'),
      percent('conversion_from_previous', 'reached_count in percent of previous_stage_count'),
      count('reached_count', 'leads that ever reached this stage or a later one'),
      maybeCount('died_here', 'dead leads that got no further than this stage'),
    ],
  }),
  report({
    name: 'response-time',
    title: 'Response time',
    question: 'How fast are leads answered?',
    sql: responseTime,
    choices: { by: ['source', 'agent', 'quality_score'], human_only: ['false', 'true'] },
    columns: [
      source(true),
      totalLeads,
      count('contacted_leads', 'leads with a contact (by a person, under human_only)'),
      avgMinutes,
      medianMinutes,
      ...within('1hr', 'an hour'),
      agentId,
      agentName,
      qualityScore,
      count('waiting_leads', 'leads not dead that still wait'),
      minutes('p90_response_minutes', 'nine of ten contacted leads were answered sooner'),
      minutes('median_all_minutes', 'median, the never contacted as never; null: never'),
      minutes('p90_all_minutes', 'nine in ten, the never contacted as never; null: never'),
      ...within('5min', '5 minutes'),
      ...within('15min', '15 minutes'),
      ...within('24hr', '24 hours'),
      ...['1hr', '5min', '15min', '24hr'].flatMap((name) => interval(`pct_within_${name}`)),
    ],
  }),
  report({
    name: 'lead-source-performance',
    title: 'Lead source performance',
    question: 'Which source is worth its money?',
    sql: leadSourcePerformance,
    choices: { by: ['source', 'source,quality_score', 'utm_campaign'] },
    columns: [
      source(true),
      totalLeads,
      conversions,
      conversionRate,
      avgDealValue,
      totalRevenue,
      qualityScore,
      maybeCount('leads_by_score', 'leads of this source and score'),
      campaign,
      contactedLeads,
      qualifiedLeads,
      ...scores,
      ...spend,
      ...interval('conversion_rate'),
    ],
  }),
  report({
    name: 'agent-performance',
    title: 'Agent performance',
    question: 'Which agent turns leads into deals, and how fast is the first call?',
    sql: agentPerformance,
    columns: [
      maybeText('agent_name', "the agent's first and last name; null: unassigned"),
      count('leads_assigned', 'leads this agent has'),
      conversions,
      conversionRate,
      minutes('avg_response_minutes', "mean time from assignment to the agent's own first contact"),
      totalRevenue,
      agentId,
      minutes('median_response_minutes', 'median of the same'),
      flag('low_data', 'fewer than 20 leads: too few to rank'),
      ...interval('conversion_rate'),
    ],
  }),
  ...experimentReports,
  report({
    name: 'trend',
    title: 'Trend',
    question: 'Is it getting better?',
    sql: trend,
    row_limit: 2000,
    choices: { bucket: buckets },
    columns: [
      date('date', 'first day of the day, week (Monday) or month'),
      ...volumes,
      flag('partial', 'cut by the window, or not over yet'),
      ...['contact_rate', 'qualification_rate', 'conversion_rate'].flatMap(interval),
    ],
  }),
  report({
    name: 'lead-metrics',
    title: 'Lead metrics',
    question: 'What did each day bring, by source, score and agent, as of the last refresh?',
    sql: leadMetrics,
    takes: ['from', 'to', 'source', 'agent_id', 'quality_score'],
    row_limit: 2000,
    choices: {
      bucket: buckets,
      by: ['', ...combinations(['source', 'quality_score', 'agent'])],
    },
    columns: [
      date('date', 'first day of the day, week (Monday) or month'),
      source(true),
      qualityScore,
      { ...agentId, name: 'assigned_agent_id' },
      ...volumes,
      agentId,
      agentName,
      flag('partial', 'cut by the window, or not over at the last refresh'),
      ...['contact_rate', 'qualification_rate', 'conversion_rate'].flatMap(interval),
    ],
  }),
  ...slaReports,
  ...dataReports,
];

/** All selections of the dimensions, in their order: `source`, `source,agent`, … */
function combinations(dimensions: readonly string[]): string[] {
  return dimensions.flatMap((dimension, index) => [
    dimension,
    ...combinations(dimensions.slice(index + 1)).map((rest) => `${dimension},${rest}`),
  ]);
}
