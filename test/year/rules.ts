/** A policy as the API takes it; those of a new workspace too. */
export interface PolicyBody {
  readonly name: string;
  readonly priority: number;
  readonly source?: string;
  readonly quality_score?: string;
  readonly agent_id?: string;
  readonly target_minutes: number;
  readonly human_only?: boolean;
  readonly working_hours?: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly days_off?: readonly string[];
}

/** A rule as the API takes it; those of a new workspace too. */
export interface RuleBody {
  readonly name: string;
  readonly metric: string;
  readonly threshold: number;
  readonly recover_threshold?: number;
  readonly source?: string;
  readonly split_by?: 'source' | 'agent';
  readonly window_hours?: number;
  readonly minimum_leads?: number;
  readonly severity?: string;
  readonly reminder_hours?: number;
}

/** What is there in a new workspace. */
export const defaultPolicies: readonly PolicyBody[] = [
  { name: 'a-leads', priority: 100, quality_score: 'A', target_minutes: 5 },
  { name: 'all-leads', priority: 1000, target_minutes: 120 },
];

const day = [
  ['08:30', '12:00'],
  ['13:00', '19:00'],
] as const;

/** Those the team adds: hours that cross the changes of clocks, a person's call, one agent's. */
export const addedPolicies = (agentId: string): readonly PolicyBody[] => [
  {
    name: 'a person calls, in hours',
    priority: 50,
    source: 'facebook',
    target_minutes: 90,
    human_only: true,
    working_hours: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [['09:00', '16:00']] },
    days_off: ['2024-11-28', '2024-12-25', '2025-01-01', '2025-03-10'],
  },
  {
    name: 'the night of Sunday',
    priority: 60,
    source: 'realtor.com',
    target_minutes: 240,
    working_hours: { sun: [['00:00', '24:00']], mon: [['00:00', '12:00']], wed: day },
  },
  // Who gets a lead late: two hours become half of one.
  { name: 'the quick one', priority: 70, agent_id: agentId, target_minutes: 30 },
];

/** What is there in a new workspace. */
export const defaultRules: readonly RuleBody[] = [
  {
    name: 'average-response',
    metric: 'avg_response_hours',
    threshold: 2,
    window_hours: 24,
    minimum_leads: 5,
    severity: 'warning',
  },
  {
    name: 'oldest-waiting',
    metric: 'oldest_waiting_minutes',
    threshold: 1440,
    severity: 'critical',
  },
];

type Row = readonly [
  metric: string,
  split: 'source' | 'agent' | undefined,
  threshold: number,
  recover: number | undefined,
  window: number | undefined,
  minimum: number,
  more?: Partial<RuleBody>,
];

const rows: readonly Row[] = [
  ['avg_response_hours', 'source', 3, 2, 24, 3],
  ['avg_response_hours', 'agent', 6, 4, 48, 5],
  ['p90_response_minutes', undefined, 600, 400, 24, 10],
  ['p90_response_minutes', 'agent', 900, undefined, 72, 8],
  ['sla_attainment', undefined, 45, 55, 24, 10],
  ['sla_attainment', 'source', 40, 50, 72, 8],
  ['sla_attainment', 'agent', 35, 45, 168, 10],
  ['breached_leads', undefined, 150, 100, undefined, 1],
  ['breached_leads', 'source', 20, 10, undefined, 1],
  ['breached_leads', 'agent', 8, 4, undefined, 1],
  ['oldest_waiting_minutes', undefined, 40_000, 30_000, undefined, 1],
  ['oldest_waiting_minutes', 'source', 20_000, undefined, undefined, 1],
  ['oldest_waiting_minutes', 'agent', 4320, 2880, undefined, 1, { reminder_hours: 168 }],
  ['oldest_waiting_minutes', 'agent', 1440, undefined, undefined, 1, { source: 'facebook' }],
  ['contact_rate', undefined, 88, 90, 48, 20],
  ['contact_rate', 'source', 80, 88, 168, 5],
  ['conversion_rate', undefined, 4, 5, 336, 50],
  ['conversion_rate', 'source', 3, 4, 720, 20],
  ['leads_received', undefined, 5, undefined, 6, 1],
  ['leads_received', 'source', 1, 3, 36, 1],
  ['leads_received', 'agent', 1, undefined, 36, 1],
  ['leads_received', 'agent', 1, undefined, 96, 1, { source: 'website' }],
  ['source_silence_hours', 'source', 24, 6, undefined, 1, { severity: 'info' }],
  ['source_silence_hours', undefined, 72, undefined, undefined, 1, { source: 'open house' }],
];

/** Those the team adds: some of each metric, of all leads, by source and by agent. */
export const addedRules: readonly RuleBody[] = rows.map(
  ([metric, split_by, threshold, recover_threshold, window_hours, minimum_leads, more], place) => ({
    name: `rule-${place}-${metric.replaceAll('_', '-')}`,
    ...{ metric, threshold },
    ...(split_by && { split_by }),
    ...(recover_threshold !== undefined && { recover_threshold }),
    ...(window_hours !== undefined && { window_hours }),
    ...(minimum_leads > 1 && { minimum_leads }),
    ...more,
  }),
);
