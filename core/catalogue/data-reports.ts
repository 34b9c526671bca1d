import dataQuality from '../../sql/reports/data-quality.sql' with { type: 'text' };
import { agentId, count, days, maybeTime, percent, text } from '../reports/columns.ts';
import { ofCreated, type Report, report } from '../reports/report.ts';
import { agentName, source } from '../reports/shared-columns.ts';

const findings = [
  'events_before_creation: an event lies before the lead came in',
  'closed_without_contact: closed, and no contact is on record',
  'unscored',
  'unassigned',
  'agent_contacts_every_lead: at least 20 leads, each contacted by a person',
  'source_silent: no lead for more than 3 days and 5 mean gaps',
];

/** Reports about the data itself: what looks wrong in it. */
export const dataReports: readonly Report[] = [
  report({
    name: 'data-quality',
    title: 'Data quality',
    question: 'What in the data looks wrong?',
    sql: dataQuality,
    takes: ofCreated,
    columns: [
      text('finding', findings.join('; ')),
      source(true),
      agentId,
      agentName,
      count('leads', 'counted leads this is found in; of a silent source, all its leads'),
      count('total_leads', 'of how many: all, or those of the agent or source'),
      percent('percentage', 'leads in percent of total_leads'),
      maybeTime('last_lead_at', 'when the last lead of a silent source came in'),
      days('silent_days', 'how long ago that was'),
      days('mean_gap_days', 'mean time between its leads in the 28 days before'),
    ],
  }),
];
