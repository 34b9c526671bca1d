import type { Report } from '../../core/reports/report.ts';
import { endOfBucket, formatInstant, MINUTE } from '../oracle/local-time.ts';
import type { Bucket, Micros, Row } from '../oracle/types.ts';

/** A report as it was asked for: its window, the moment it speaks of, its own parameters. */
export interface Asked {
  from: string;
  to: string;
  as_of: Micros;
  shape: Readonly<Record<string, string>>;
}

type Filters = Record<string, string>;
type Opening = Filters | ((row: Row, asked: Asked) => Filters | undefined);

/** Old enough: there already so long before. By conversion these would be other leads. */
const olderThan =
  (minutes: bigint): Opening =>
  (_row, { as_of, shape }) =>
    shape.basis === 'converted' ? undefined : { as_of: formatInstant(as_of - minutes * MINUTE) };

const stages = ['new', 'contacted', 'qualified', 'appointment', 'offer', 'closed'];
const stageBefore = (stage: unknown) => String(stages[stages.indexOf(String(stage)) - 1]);

/** What each finding of the data is asked for. */
export const findings: Readonly<Record<string, Filters>> = {
  events_before_creation: { finding: 'events_before_creation' },
  closed_without_contact: { finding: 'closed_without_contact' },
  unscored: { quality_score: 'none' },
  unassigned: { agent_id: 'none' },
  agent_contacts_every_lead: { answered: 'true', human_only: 'true' },
  source_silent: {},
};

/** What the list of leads is asked for beside the keys of the row, by the column's name. */
const openings: Readonly<Record<string, Opening>> = {
  total_leads: {},
  leads_assigned: {},
  leads_by_score: {},
  conversion_rate_n: {},
  contact_rate_n: {},
  qualification_rate_n: {},
  conversions: { converted: 'true' },
  converted_leads: { converted: 'true' },
  contacted_leads: { reached: 'contacted' },
  qualified_leads: { reached: 'qualified' },
  waiting_leads: { waiting: 'true' },
  a_leads: { quality_score: 'A' },
  b_leads: { quality_score: 'B' },
  c_leads: { quality_score: 'C' },
  d_leads: { quality_score: 'D' },
  unscored_leads: { quality_score: 'none' },
  responded_within_5min: { responded_within_minutes: '5' },
  responded_within_15min: { responded_within_minutes: '15' },
  responded_within_1hr: { responded_within_minutes: '60' },
  responded_within_24hr: { responded_within_minutes: '1440' },
  pct_within_5min_n: olderThan(5n),
  pct_within_15min_n: olderThan(15n),
  pct_within_1hr_n: olderThan(60n),
  pct_within_24hr_n: olderThan(1440n),
  // In `response-time` a contact is a contact, not a stage that implies one.
  'response-time contacted_leads': { answered: 'true' },
  'contact-curve contacted_leads': ({ within_minutes }) => ({
    contacted_by_minutes: String(within_minutes),
  }),
  'contact-curve at_risk': ({ within_minutes }) => ({ at_risk_minutes: String(within_minutes) }),
  'conversion-funnel count': ({ current_stage }) => ({ stage: String(current_stage) }),
  'conversion-funnel reached_count': ({ current_stage }) => ({
    [current_stage === 'dead' ? 'stage' : 'reached']: String(current_stage),
  }),
  'conversion-funnel previous_stage_count': (row) => ({ reached: stageBefore(row.current_stage) }),
  'conversion-funnel died_here': ({ current_stage }) => ({ died_at: String(current_stage) }),
  due_leads: { basis: 'due', sla_state: 'met,late,breached' },
  attainment_n: { basis: 'due', sla_state: 'met,late,breached' },
  met_leads: { basis: 'due', sla_state: 'met' },
  late_leads: { basis: 'due', sla_state: 'late' },
  breached_leads: { basis: 'due', sla_state: 'breached' },
  excused_leads: { basis: 'due', sla_state: 'excused' },
  'data-quality leads': ({ finding }) => findings[String(finding)],
};

/** Columns that no list of leads opens, and why. */
export const closed: Readonly<Record<string, string>> = {
  'executive-summary active_sources': 'counts sources',
  ...Object.fromEntries(
    ['n', 'assigned', 'pending'].flatMap((column) =>
      ['control', 'treatment'].map((arm) => [
        `experiment-results ${arm}_${column}`,
        'counts people as an experiment does; the leads of its arms are listed by experiment_id',
      ]),
    ),
  ),
  'experiment-results next_look_leads': 'counts people who are yet to come',
};

const keys = {
  source: 'source',
  agent: 'agent_id',
  quality_score: 'quality_score',
  utm_campaign: 'utm_campaign',
  policy: 'sla_policy_id',
};

/** How a column of a report opens, where it does. */
export function openingOf(report: string, column: string): Opening | undefined {
  return openings[`${report} ${column}`] ?? openings[column];
}

/**
 * The query that lists the leads a row's column counts; 'nobody' where the column asks for one
 * score and the row is of another; undefined where the list cannot be asked for.
 */
export function queryOf(report: Report, column: string, row: Row, asked: Asked) {
  const opening = openingOf(report.name, column);
  const own = typeof opening === 'function' ? opening(row, asked) : opening;
  if (!own) return undefined;
  const { human_only, basis } = asked.shape;
  const filters: Filters = {
    ...windowOf(report, row, asked),
    as_of: formatInstant(asked.as_of),
    ...(human_only && { human_only }),
    ...(basis && { basis }),
    ...keysOf(report, row, asked),
  };
  const other = Object.entries(own).some(
    ([name, value]) => name !== 'as_of' && (filters[name] ?? value) !== value,
  );
  return other ? 'nobody' : String(new URLSearchParams({ ...filters, ...own }));
}

/** The window's days, of a row with a date those of its day, week or month alone. */
function windowOf({ choices }: Report, { date }: Row, { from, to, shape }: Asked): Filters {
  if (date === undefined) return { from, to };
  const bucket = (shape.bucket ?? choices.bucket?.[0]) as Bucket;
  if (bucket === 'day' && shape.basis !== 'converted')
    return { from, to, created_on: String(date) };
  const end = endOfBucket(String(date), bucket);
  return { from: String(date) < from ? from : String(date), to: end < to ? end : to };
}

/** The row's own keys: where it is grouped by a key, the key's absence is one too. */
function keysOf({ name, choices }: Report, row: Row, { shape }: Asked): Filters {
  const by = name === 'agent-performance' ? 'agent' : (shape.by ?? choices.by?.[0] ?? '');
  const grouped = Object.entries(keys).filter(
    ([dimension, key]) =>
      by.split(',').includes(dimension) || (row[key] !== null && row[key] !== undefined),
  );
  return Object.fromEntries(
    grouped.map(([dimension, key]) => [key, String(row[key] ?? absent(dimension))]),
  );
}

function absent(dimension: string): string {
  return dimension === 'utm_campaign' ? '' : 'none';
}
