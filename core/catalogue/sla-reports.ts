import slaAttainment from '../../sql/reports/sla-attainment.sql' with { type: 'text' };
import waitingLeads from '../../sql/reports/waiting-leads.sql' with { type: 'text' };
import {
  agentId,
  count,
  id,
  interval,
  maybeText,
  maybeTime,
  minutes,
  money,
  percent,
  time,
} from '../reports/columns.ts';
import { type Report, report } from '../reports/report.ts';
import { agentName, qualityScore, source } from '../reports/shared-columns.ts';

/** Reports on who was answered in time, and who waits: docs/sla.md. */
export const slaReports: readonly Report[] = [
  report({
    name: 'sla-attainment',
    title: 'SLA attainment',
    question: 'How many leads were answered in time, of those whose time is up?',
    sql: slaAttainment,
    takes: [
      'from',
      'to',
      'source',
      'agent_id',
      'quality_score',
      'utm_campaign',
      'as_of',
      'compare',
    ],
    choices: { by: ['source', 'agent', 'policy', ''] },
    columns: [
      source(true),
      count('due_leads', 'leads whose time was up in the window: met, late and breached'),
      count('met_leads', 'answered in time'),
      count('late_leads', 'answered, and too late'),
      count('breached_leads', 'not answered yet'),
      percent('attainment', 'met_leads in percent of due_leads'),
      agentId,
      agentName,
      { ...id('sla_policy_id', 'the policy; null: not grouped by'), nullable: true },
      maybeText('policy_name', 'the name of the policy'),
      count('excused_leads', 'dead before their time was up, without an answer'),
      ...interval('attainment'),
    ],
  }),
  report({
    name: 'waiting-leads',
    title: 'Waiting leads',
    question: 'Who waits for an answer, longest and dearest first?',
    sql: waitingLeads,
    takes: ['source', 'agent_id', 'quality_score', 'utm_campaign', 'as_of'],
    columns: [
      id('lead_id', 'the lead'),
      time('created_at', 'when it came in'),
      { ...minutes('waited_minutes', 'since then'), nullable: false },
      maybeText('sla_state', 'breached, pending, or null: it has no clock'),
      maybeTime('sla_due_at', 'by when somebody has to have reached it'),
      maybeText('policy_name', 'the policy that says so'),
      money('estimated_value', 'what the property is worth'),
      source(false),
      qualityScore,
      agentId,
      agentName,
    ],
  }),
];
