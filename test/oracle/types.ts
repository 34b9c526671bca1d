/** Facts and parameters of the brute-force oracle. Instants are microseconds since 1970 UTC. */

export type Micros = bigint;
export type Cents = bigint;

export const EVENT_TYPES = [
  'created',
  'assigned',
  'scored',
  'contacted',
  'responded',
  'qualified',
  'appointment_scheduled',
  'offer_made',
  'closed',
  'dead',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The stages a lead can reach, in order; `dead` is not one of them. */
export const REACHABLE_STAGES = [
  'new',
  'contacted',
  'qualified',
  'appointment',
  'offer',
  'closed',
] as const;
export type ReachableStage = (typeof REACHABLE_STAGES)[number];
export type Stage = ReachableStage | 'dead';

export const SCORES = ['A', 'B', 'C', 'D'] as const;
export type Score = (typeof SCORES)[number];

export type LeadFact = {
  id: string;
  created_at: Micros;
  first_name: string | null;
  last_name: string | null;
  email_normalised: string | null;
  phone_normalised: string | null;
  /** As stored: trimmed and lower-case, blank is ''. */
  source: string;
  utm_campaign: string | null;
  is_test: boolean;
  duplicate_of: string | null;
  estimated_value?: Cents | null;
  /** Absent or null: no clock. */
  sla?: Clock | null;
};

/** By when a lead had to be answered, as it was set when it came in. */
export type Clock = { due_at: Micros; policy_id: string; human_only: boolean };

export type EventFact = {
  id: string;
  lead_id: string;
  created_at: Micros;
  event_type: EventType;
  event_source: string;
  agent_id: string | null;
  skill_id: string | null;
  /** Money, on `closed` alone. */
  value: Cents | null;
  /** On `scored` alone. */
  quality_score: Score | null;
  qualification_reason: unknown;
  voided: boolean;
};

export type Agent = { id: string; first_name: string; last_name: string; active: boolean };
export type Skill = { id: string; name: string };

/** A look that was taken; one of the plan says with it how many are behind it. */
export type LookFact = {
  look_no: number;
  taken_at: Micros;
  planned: number | null;
  information: number;
  p_allowed: number | null;
  decision: string | null;
};

export type Experiment = {
  id: string;
  name: string;
  primary_metric: string;
  status: string;
  created_at: Micros;
  started_at: Micros | null;
  ended_at: Micros | null;
  /** When it took leads in, each span without its end; null: it still does. */
  spans: readonly (readonly [Micros, Micros | null])[];
  /** Null is the metric's own. */
  outcome_window_hours: number | null;
  traffic_split: number;
  target_sample_size: number;
  min_duration_days: number;
  max_duration_days: number;
  alpha: number;
  looks: readonly number[];
  taken: readonly LookFact[];
  evaluated_at: Micros | null;
  warnings: readonly string[];
  decision: string | null;
  decision_code: string | null;
  decision_reason: string | null;
  decided_at: Micros | null;
  decided_because: string | null;
};

export type Assignment = {
  id: string;
  experiment_id: string;
  lead_id: string;
  group_name: string;
  assigned_at: Micros;
  /** The lead that stands for its person; null is itself. */
  unit_id: string | null;
  in_both_arms: boolean;
};

/** What a source cost on a local day; one fact for a source and day. */
export type SpendFact = { source: string; day: string; amount: Cents };

export type Facts = {
  leads: readonly LeadFact[];
  events: readonly EventFact[];
  agents: readonly Agent[];
  experiments: readonly Experiment[];
  assignments: readonly Assignment[];
  spend: readonly SpendFact[];
};

export type Basis = 'created' | 'converted' | 'due';
export type Bucket = 'day' | 'week' | 'month';

export type Parameters = {
  /** First local day, `2026-11-01`. */
  from: string;
  /** The local day after the last one. */
  to: string;
  timezone: string;
  as_of: Micros;
  basis: Basis;
  /** Null is no filter; '' is the blank source. */
  source: string | null;
  /** An id, 'none' for unassigned, null for no filter. */
  agent_id: string | null;
  /** A letter, 'none' for unscored, null for no filter. */
  quality_score: string | null;
  utm_campaign: string | null;
  /** As in the query: 'source', 'agent', 'source,quality_score'; null is the report's default. */
  by: string | null;
  bucket: Bucket;
  human_only: boolean;
  compare: 'previous' | null;
  /** An agent, who sees own leads alone; null sees all. Facts of own leads alone need none. */
  viewer: string | null;
};

export type Value = string | number | boolean | null;
export type Row = Record<string, Value>;
export type Excluded = { test: number; duplicate: number };
export type Answer = { excluded: Excluded; rows: Row[] };

/** Parameters with every optional one at its default. */
export function parametersOf(
  given: Pick<Parameters, 'from' | 'to' | 'timezone' | 'as_of'> & Partial<Parameters>,
): Parameters {
  return {
    basis: 'created',
    source: null,
    agent_id: null,
    quality_score: null,
    utm_campaign: null,
    by: null,
    bucket: 'day',
    human_only: false,
    compare: null,
    viewer: null,
    ...given,
  };
}
