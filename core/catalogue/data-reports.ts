import dataQuality from '../../sql/reports/data-quality.sql' with { type: 'text' };
import duplicates from '../../sql/reports/duplicates.sql' with { type: 'text' };
import {
  agentId,
  count,
  days,
  flag,
  id,
  maybeText,
  maybeTime,
  percent,
  text,
  time,
} from '../reports/columns.ts';
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

/** Reports about the data itself: what looks wrong in it, and what may be there twice. */
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
  report({
    name: 'duplicates',
    title: 'Suggested duplicates',
    question: 'Which leads look like someone who came before?',
    sql: duplicates,
    takes: ofCreated,
    columns: [
      id('lead_id', 'the lead; PATCH /v1/leads/{lead_id} {"duplicate_of": original_id} confirms'),
      time('created_at', 'when it came in'),
      maybeText('name', 'first and last name'),
      source(false),
      agentId,
      agentName,
      id('original_id', 'the first lead of the chain that the lead it matches belongs to'),
      time('original_created_at', 'when the original came in'),
      maybeText('original_name', 'first and last name'),
      text('original_source', 'where the original came from'),
      text('matched_by', 'what is the same: email, phone or email,phone'),
      id('matched_lead_id', 'the earliest lead of the 30 days before of which that is true'),
      { ...days('days_between', 'from that lead to this one'), nullable: false },
      flag('has_duplicates', 'an original itself: its duplicates must be moved first'),
    ],
  }),
];
