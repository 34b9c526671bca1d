-- The pipeline: the seed's tables under the seed's names, in an order that can be created, with
-- what is allowed written down as named constraints. Their names are part of the API's error
-- contract.
create extension if not exists "uuid-ossp";
create extension if not exists pg_trgm;

-- One row: the zone and the currency every number is told in. Written by `migrate` from the
-- settings.
create table workspace (
  only_row boolean primary key default true,
  timezone text not null default 'UTC',
  currency text not null default 'USD',
  constraint workspace_one_row check (only_row),
  constraint workspace_currency check (currency ~ '^[A-Z]{3}$')
);

insert into workspace default values;

-- The seed refers to it and never defines it.
create table agent_profiles (
  id uuid primary key default uuid_generate_v4(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),

  external_id text,
  first_name text not null,
  last_name text not null,
  email text,
  phone text,
  team text,
  active boolean not null default true,
  identity_subject text,

  constraint agent_profiles_external_id_key unique (external_id),
  constraint agent_profiles_identity_subject_key unique (identity_subject)
);

-- Registry of spawned skills. Before what refers to it, which the seed has after.
create table lead_skills (
  id uuid primary key default uuid_generate_v4(),
  created_at timestamptz not null default now(),

  -- Skill details
  name text not null,
  description text,
  skill_type text,

  -- Status
  status text not null default 'testing',
  activated_at timestamptz,
  deprecated_at timestamptz,

  -- Performance
  total_leads_processed integer not null default 0,
  avg_improvement_lift numeric,

  -- Configuration
  config jsonb,

  -- Metadata
  spawned_reason text,
  spawned_by text,

  constraint lead_skills_name_key unique (name),
  constraint lead_skills_name_form check (name ~ '^[a-z0-9][a-z0-9._-]{0,99}$'),
  constraint lead_skills_type check (skill_type in ('automation', 'scoring', 'routing', 'nurture')),
  constraint lead_skills_status check (status in ('testing', 'active', 'paused', 'deprecated')),
  constraint lead_skills_config_size check (octet_length(config::text) <= 8192)
);

-- All incoming leads. Everything from assigned_agent_id to dead_at is derived from lead_events by
-- triggers; nothing else writes it.
create table leads (
  id uuid primary key default uuid_generate_v4(),
  created_at timestamptz not null default now(),
  recorded_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  external_id text,

  -- Lead details
  first_name text,
  last_name text,
  email text,
  phone text,
  email_normalised text,
  phone_normalised text,

  -- Property details
  property_address text,
  property_city text,
  property_state text,
  property_zip text,
  estimated_value numeric(14, 2),
  mortgage_balance numeric(14, 2),

  -- Attribution
  source text not null,
  utm_source text,
  utm_medium text,
  utm_campaign text,
  referrer_url text,

  -- What is counted
  is_test boolean not null default false,
  duplicate_of uuid,

  -- Assignment
  assigned_agent_id uuid,
  assigned_at timestamptz,

  -- Scoring
  quality_score char(1),
  qualification_reason jsonb,

  -- Conversion tracking
  current_stage text not null default 'new',
  converted boolean not null default false,
  converted_at timestamptz,
  conversion_value numeric(14, 2),

  -- Milestones: when each was first reached
  first_assigned_at timestamptz,
  first_contacted_at timestamptz,
  first_human_contact_at timestamptz,
  first_responded_at timestamptz,
  qualified_at timestamptz,
  appointment_at timestamptz,
  offer_at timestamptz,
  closed_at timestamptz,
  dead_at timestamptz,
  -- The latest event that moved the stage: as of any later moment the columns above hold as they
  -- are.
  last_stage_event_at timestamptz,

  -- Metadata
  raw_data jsonb,
  notes text,

  search_text text generated always as (
    lower(
      coalesce(first_name, '') || ' ' || coalesce(last_name, '')
      || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '')
      || ' ' || coalesce(phone_normalised, '') || ' '
      || coalesce(property_address, '') || ' ' || coalesce(property_city, '') || ' '
      || coalesce(property_zip, '')
    )
  ) stored,

  constraint leads_source_external_id_key unique (source, external_id),
  constraint leads_source_normalised check (source = btrim(lower(source collate "C"))),
  constraint leads_not_in_the_future check (created_at <= recorded_at + interval '5 minutes'),
  constraint leads_estimated_value check (estimated_value >= 0 and estimated_value <> 'NaN'),
  constraint leads_mortgage_balance check (mortgage_balance >= 0 and mortgage_balance <> 'NaN'),
  constraint leads_duplicate_of_fkey foreign key (duplicate_of) references leads (id),
  constraint leads_duplicate_of_another check (duplicate_of <> id),
  constraint leads_assigned_agent_id_fkey
    foreign key (assigned_agent_id) references agent_profiles (id),
  constraint leads_assigned_together check ((assigned_agent_id is null) = (assigned_at is null)),
  constraint leads_quality_score check (quality_score in ('A', 'B', 'C', 'D')),
  constraint leads_current_stage check (
    current_stage in ('new', 'contacted', 'qualified', 'appointment', 'offer', 'closed', 'dead')
  ),
  constraint leads_converted_at check (converted = (converted_at is not null)),
  constraint leads_converted_is_closed check (converted = (current_stage = 'closed')),
  constraint leads_conversion_value check (
    conversion_value is null or (converted and conversion_value >= 0 and conversion_value <> 'NaN')
  ),
  constraint leads_raw_data_size check (octet_length(raw_data::text) <= 32768),
  constraint leads_notes_size check (octet_length(notes) <= 8192)
);

create index idx_leads_source on leads (source);
create index idx_leads_assigned_agent on leads (assigned_agent_id);
create index idx_leads_current_stage on leads (current_stage);
create index idx_leads_created_at on leads (created_at, id);
create index idx_leads_quality_score on leads (quality_score);
create index idx_leads_closed_at on leads (closed_at) where closed_at is not null;
create index idx_leads_open on leads (assigned_agent_id)
  where current_stage not in ('closed', 'dead');
create index idx_leads_duplicate_of on leads (duplicate_of) where duplicate_of is not null;
create index idx_leads_not_counted on leads (created_at) where is_test or duplicate_of is not null;
create index idx_leads_search on leads using gin (search_text gin_trgm_ops);

-- Everything that happened to a lead.
create table lead_events (
  id uuid primary key default uuid_generate_v4(),
  lead_id uuid not null,
  created_at timestamptz not null default now(),
  recorded_at timestamptz not null default now(),
  external_id text,

  -- Event details
  event_type text not null,
  event_source text not null,

  -- Actor; in an assigned event the assignee
  agent_id uuid,
  skill_id uuid,

  -- Context
  value numeric(14, 2),
  details jsonb,

  -- Taken back
  voided_at timestamptz,
  voided_by text,
  void_reason text,

  -- Performance tracking, derived
  time_since_previous_event interval,
  time_since_lead_created interval,

  -- The seed cascades: a deleted lead would rewrite last month's report. A person is erased
  -- instead.
  constraint lead_events_lead_id_fkey foreign key (lead_id) references leads (id),
  constraint lead_events_agent_id_fkey foreign key (agent_id) references agent_profiles (id),
  constraint lead_events_skill_id_fkey foreign key (skill_id) references lead_skills (id),
  constraint lead_events_external_id_key unique (lead_id, external_id),
  constraint lead_events_event_type check (
    event_type in (
      'created', 'assigned', 'scored', 'contacted', 'responded', 'qualified',
      'appointment_scheduled', 'offer_made', 'closed', 'dead'
    )
  ),
  constraint lead_events_event_source check (
    event_source in ('agent', 'automation', 'lead', 'import') or event_source like 'skill:_%'
  ),
  constraint lead_events_skill_agrees check (
    (event_source like 'skill:%') = (skill_id is not null)
  ),
  constraint lead_events_not_in_the_future check (created_at <= recorded_at + interval '5 minutes'),
  constraint lead_events_value check (
    value is null or (event_type = 'closed' and value >= 0 and value <> 'NaN')
  ),
  constraint lead_events_score check (
    event_type <> 'scored' or coalesce(details ->> 'quality_score', '') in ('A', 'B', 'C', 'D')
  ),
  constraint lead_events_details_size check (octet_length(details::text) <= 8192),
  constraint lead_events_voided_together check (
    (voided_at is null) = (voided_by is null) and (voided_at is null) = (void_reason is null)
  )
);

-- The seed's index on lead_id, widened: a lead's events are nearly always read in their order.
create index idx_lead_events_lead_id on lead_events (lead_id, created_at, id);
create index idx_lead_events_type on lead_events (event_type);
create index idx_lead_events_created_at on lead_events (created_at);
create unique index lead_events_one_created on lead_events (lead_id) where event_type = 'created';

-- A/B tests running on leads.
create table lead_experiments (
  id uuid primary key default uuid_generate_v4(),
  created_at timestamptz not null default now(),

  -- Experiment details
  name text not null,
  skill_id uuid,
  description text,
  hypothesis text,

  -- Status
  status text not null default 'running',
  started_at timestamptz,
  ended_at timestamptz,

  -- Configuration
  traffic_split numeric not null default 0.5,
  target_sample_size integer not null default 100,
  min_duration_days integer not null default 14,

  -- Metrics being tracked
  primary_metric text not null,
  secondary_metrics jsonb,

  -- Segmentation
  segment_filter jsonb,

  -- Results, when the experiment ends
  control_sample_size integer,
  treatment_sample_size integer,
  control_metric_value numeric,
  treatment_metric_value numeric,
  lift_percentage numeric,
  p_value numeric,
  confidence_level numeric,
  decision text,
  decision_reason text,

  constraint lead_experiments_skill_id_fkey foreign key (skill_id) references lead_skills (id),
  constraint lead_experiments_status check (status in ('draft', 'running', 'paused', 'completed')),
  constraint lead_experiments_traffic_split check (traffic_split > 0 and traffic_split < 1),
  constraint lead_experiments_target_sample_size check (target_sample_size > 0),
  constraint lead_experiments_min_duration_days check (min_duration_days >= 0),
  constraint lead_experiments_primary_metric check (
    primary_metric in (
      'response_rate', 'conversion_rate', 'time_to_contact', 'appointment_rate', 'qualified_rate',
      'reply_rate', 'dead_rate'
    )
  ),
  constraint lead_experiments_p_value check (p_value between 0 and 1),
  constraint lead_experiments_decision check (decision in ('KEEP', 'KILL', 'INCONCLUSIVE'))
);

create index idx_experiments_status on lead_experiments (status);
create index idx_experiments_skill_id on lead_experiments (skill_id);

-- Which lead is in which arm of which experiment.
create table lead_experiment_assignments (
  id uuid primary key default uuid_generate_v4(),
  lead_id uuid not null,
  experiment_id uuid not null,

  -- Assignment
  group_name text not null,
  assigned_at timestamptz not null default now(),

  constraint lead_experiment_assignments_lead_id_fkey foreign key (lead_id) references leads (id),
  constraint lead_experiment_assignments_experiment_id_fkey
    foreign key (experiment_id) references lead_experiments (id),
  constraint lead_experiment_assignments_group_name check (group_name in ('control', 'treatment')),
  -- One lead is assigned once per experiment.
  constraint lead_experiment_assignments_once unique (lead_id, experiment_id)
);

create index idx_assignments_experiment on lead_experiment_assignments (experiment_id);
create index idx_assignments_lead on lead_experiment_assignments (lead_id);
