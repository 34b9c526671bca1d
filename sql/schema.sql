-- What the migrations add up to. Generated: run npm run snapshots after a change.

-- extensions

create extension pg_trgm;

create extension "uuid-ossp";

-- tables

create table agent_profiles (
  id uuid not null default uuid_generate_v4(),
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  external_id text,
  first_name text not null,
  last_name text not null,
  email text,
  phone text,
  team text,
  active boolean not null default true,
  identity_subject text,
  constraint agent_profiles_pkey primary key (id),
  constraint agent_profiles_external_id_key unique (external_id),
  constraint agent_profiles_identity_subject_key unique (identity_subject)
);

create table alert_messages (
  id text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  rule text,
  scheduled_at timestamp with time zone not null,
  metric text,
  severity text,
  body json not null,
  attempts integer not null default 0,
  leased_until timestamp with time zone,
  published_at timestamp with time zone,
  topics text[] not null default '{}'::text[],
  incident_id uuid,
  number integer,
  day date,
  experiment_id uuid,
  constraint alert_messages_pkey primary key (id),
  constraint alert_messages_once unique (incident_id, number),
  constraint alert_messages_one_a_day unique (day),
  constraint alert_messages_experiment_id_fkey foreign key (experiment_id) references lead_experiments(id),
  constraint alert_messages_about check (
case
    when (num_nonnulls(day, experiment_id) = 0) then (num_nulls(rule, metric, severity) = 0)
    else ((num_nonnulls(day, experiment_id) = 1) and (num_nonnulls(rule, metric, severity, incident_id, number) = 0))
end),
  constraint alert_messages_attempts check ((attempts >= 0))
);

create table alert_rules (
  name text not null,
  created_at timestamp with time zone not null default now(),
  metric text not null,
  threshold numeric not null,
  window_hours integer,
  minimum_leads integer not null default 1,
  severity text not null default 'warning'::text,
  active boolean not null default true,
  id uuid not null default uuidv7(),
  updated_at timestamp with time zone not null default now(),
  source text,
  agent_id uuid,
  split_by text,
  recover_threshold numeric,
  reminder_hours integer,
  bad_below boolean not null generated always as ((metric = any (array['sla_attainment'::text, 'contact_rate'::text, 'conversion_rate'::text, 'leads_received'::text]))) stored,
  constraint alert_rules_pkey primary key (id),
  constraint alert_rules_name_key unique (name),
  constraint alert_rules_metric check ((metric = any (array['avg_response_hours'::text, 'p90_response_minutes'::text, 'sla_attainment'::text, 'breached_leads'::text, 'oldest_waiting_minutes'::text, 'contact_rate'::text, 'conversion_rate'::text, 'leads_received'::text, 'source_silence_hours'::text]))),
  constraint alert_rules_minimum_leads check (
case
    when (metric = any (array['breached_leads'::text, 'oldest_waiting_minutes'::text, 'leads_received'::text, 'source_silence_hours'::text])) then (minimum_leads = 1)
    else ((minimum_leads >= 1) and (minimum_leads <= 100000))
end),
  constraint alert_rules_name_form check ((name ~ '^[a-z0-9][a-z0-9-]{0,49}$'::text)),
  constraint alert_rules_recover_threshold check (
case
    when bad_below then ((recover_threshold >= threshold) and ((recover_threshold <= (100)::numeric) or (metric = 'leads_received'::text)) and (recover_threshold < 'Infinity'::numeric))
    else ((recover_threshold >= (0)::numeric) and (recover_threshold <= threshold))
end),
  constraint alert_rules_reminder_hours check (((reminder_hours >= 1) and (reminder_hours <= 720))),
  constraint alert_rules_severity check ((severity = any (array['info'::text, 'warning'::text, 'critical'::text]))),
  constraint alert_rules_silence_of_sources check (((metric <> 'source_silence_hours'::text) or (((source is not null) or (not (split_by is distinct from 'source'::text))) and (agent_id is null) and (split_by is distinct from 'agent'::text)))),
  constraint alert_rules_source_normalised check ((source = btrim(lower((source collate "C"))))),
  constraint alert_rules_split_by check ((split_by = any (array['source'::text, 'agent'::text]))),
  constraint alert_rules_split_of_one check (((not ((split_by = 'source'::text) and (source is not null))) and (not ((split_by = 'agent'::text) and (agent_id is not null))))),
  constraint alert_rules_threshold check (
case
    when (not bad_below) then ((threshold >= (0)::numeric) and (threshold < 'Infinity'::numeric))
    when (metric = 'leads_received'::text) then ((threshold > (0)::numeric) and (threshold < 'Infinity'::numeric))
    else ((threshold > (0)::numeric) and (threshold <= (100)::numeric))
end),
  constraint alert_rules_window check (
case
    when (metric = any (array['breached_leads'::text, 'oldest_waiting_minutes'::text, 'source_silence_hours'::text])) then (window_hours is null)
    else ((window_hours is not null) and ((window_hours >= 1) and (window_hours <= 8760)))
end)
);

create table api_keys (
  id text not null,
  row_id uuid not null default uuidv7(),
  created_at timestamp with time zone not null,
  created_by text,
  label text,
  scopes text[],
  source text,
  revoked_at timestamp with time zone,
  revoked_by text,
  replaced_by text,
  first_id text,
  constraint api_keys_pkey primary key (id),
  constraint api_keys_row_id_key unique (row_id),
  constraint api_keys_replaced_by_fkey foreign key (replaced_by) references api_keys(id),
  constraint api_keys_id_form check ((id ~ '^key_[0-9a-f]{16}$'::text)),
  constraint api_keys_revoked_by check (((revoked_at is null) = (revoked_by is null)))
);

create table audit_log (
  id uuid not null,
  created_at timestamp with time zone not null,
  caller text not null,
  action text not null,
  reference text,
  lead_id uuid not null,
  constraint audit_log_pkey primary key (id),
  constraint audit_log_action check ((action = any (array['erase'::text, 'export'::text]))),
  constraint audit_log_reference check ((reference ~ '^[A-Za-z0-9#/._-]{1,40}$'::text))
);

create table corrections (
  id uuid not null,
  created_at timestamp with time zone not null,
  corrected_by text not null,
  kind text not null,
  subject_id uuid not null,
  before jsonb not null,
  constraint corrections_pkey primary key (id),
  constraint corrections_before_form check (((jsonb_typeof(before) = 'object'::text) and (before <> '{}'::jsonb))),
  constraint corrections_before_size check ((octet_length((before)::text) <= 61440)),
  constraint corrections_kind check ((kind = any (array['lead'::text, 'event'::text, 'agent'::text, 'skill'::text, 'spend'::text, 'sla_policy'::text, 'alert_rule'::text, 'experiment'::text, 'hook_mapping'::text])))
);

create table hook_mappings (
  id uuid not null default uuid_generate_v4(),
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  source text not null,
  enabled boolean not null default true,
  mapping jsonb not null,
  authenticity jsonb not null,
  secrets text[],
  constraint hook_mappings_pkey primary key (id),
  constraint hook_mappings_source_key unique (source),
  constraint hook_mappings_mapping_size check ((octet_length((mapping)::text) <= 8192)),
  constraint hook_mappings_secrets check (((((authenticity ->> 'kind'::text) = 'key'::text) = (secrets is null)) and ((cardinality(secrets) >= 1) and (cardinality(secrets) <= 2)))),
  constraint hook_mappings_source_normalised check ((source = btrim(lower((source collate "C")))))
);

create table idempotency_keys (
  scope text not null,
  key text not null,
  request_sha256 text not null,
  created_at timestamp with time zone not null,
  constraint idempotency_keys_pkey primary key (scope, key),
  constraint idempotency_keys_key_form check ((key ~ '^[ -~]{1,255}$'::text)),
  constraint idempotency_keys_request_sha256_form check ((request_sha256 ~ '^[0-9a-f]{64}$'::text))
);

create table incident_transitions (
  incident_id uuid not null,
  number integer not null,
  at timestamp with time zone not null,
  kind text not null,
  severity text not null,
  acknowledged_by text,
  reason text,
  value numeric not null,
  threshold numeric not null,
  sample bigint not null,
  leads bigint not null,
  lead_ids uuid[] not null,
  constraint incident_transitions_pkey primary key (incident_id, number),
  constraint incident_transitions_incident_id_fkey foreign key (incident_id) references incidents(id) on delete cascade,
  constraint incident_transitions_acknowledged check (((kind = 'acknowledged'::text) = (acknowledged_by is not null))),
  constraint incident_transitions_kind check ((kind = any (array['opened'::text, 'acknowledged'::text, 'escalated'::text, 'reminded'::text, 'resolved'::text]))),
  constraint incident_transitions_reason check (((kind = 'resolved'::text) = (reason is not null))),
  constraint incident_transitions_reasons check ((reason = any (array['recovered'::text, 'rule_off'::text, 'source_gone'::text, 'agent_gone'::text])))
);

create table incidents (
  id uuid not null default uuidv7(),
  rule_id uuid not null,
  split_value text,
  metric text not null,
  severity text not null,
  opened_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  resolved_at timestamp with time zone,
  told_at timestamp with time zone not null,
  transitions integer not null,
  checked_at timestamp with time zone not null,
  value numeric not null,
  threshold numeric not null,
  sample bigint not null,
  leads bigint not null,
  waiting_leads bigint not null,
  since timestamp with time zone not null,
  lead_ids uuid[] not null,
  constraint incidents_pkey primary key (id),
  constraint incidents_rule_id_fkey foreign key (rule_id) references alert_rules(id),
  constraint incidents_acknowledged check (((acknowledged_at is null) = (acknowledged_by is null))),
  constraint incidents_severity check ((severity = any (array['info'::text, 'warning'::text, 'critical'::text])))
);

create table job_runs (
  job text not null,
  scheduled_at timestamp with time zone not null,
  started_at timestamp with time zone not null default clock_timestamp(),
  finished_at timestamp with time zone,
  attempts integer not null default 1,
  outcome jsonb,
  constraint job_runs_pkey primary key (job, scheduled_at),
  constraint job_runs_attempts check ((attempts > 0))
);

create table lead_events (
  id uuid not null default uuid_generate_v4(),
  lead_id uuid not null,
  created_at timestamp with time zone not null default now(),
  recorded_at timestamp with time zone not null default now(),
  external_id text,
  event_type text not null,
  event_source text not null,
  agent_id uuid,
  skill_id uuid,
  value numeric(14,2),
  details jsonb,
  voided_at timestamp with time zone,
  voided_by text,
  void_reason text,
  time_since_previous_event interval,
  time_since_lead_created interval,
  constraint lead_events_pkey primary key (id),
  constraint lead_events_external_id_key unique (lead_id, external_id),
  constraint lead_events_agent_id_fkey foreign key (agent_id) references agent_profiles(id),
  constraint lead_events_lead_id_fkey foreign key (lead_id) references leads(id),
  constraint lead_events_skill_id_fkey foreign key (skill_id) references lead_skills(id),
  constraint lead_events_details_size check ((octet_length((details)::text) <= 8192)),
  constraint lead_events_event_source check (((event_source = any (array['agent'::text, 'automation'::text, 'lead'::text, 'import'::text])) or (event_source ~~ 'skill:_%'::text))),
  constraint lead_events_event_type check ((event_type = any (array['created'::text, 'assigned'::text, 'scored'::text, 'contacted'::text, 'responded'::text, 'qualified'::text, 'appointment_scheduled'::text, 'offer_made'::text, 'closed'::text, 'dead'::text]))),
  constraint lead_events_not_in_the_future check ((created_at <= (recorded_at + '00:05:00'::interval))),
  constraint lead_events_score check (((event_type <> 'scored'::text) or (coalesce((details ->> 'quality_score'::text), ''::text) = any (array['A'::text, 'B'::text, 'C'::text, 'D'::text])))),
  constraint lead_events_skill_agrees check (((event_source ~~ 'skill:%'::text) = (skill_id is not null))),
  constraint lead_events_value check (((value is null) or ((event_type = 'closed'::text) and (value >= (0)::numeric) and (value <> 'NaN'::numeric)))),
  constraint lead_events_voided_together check ((((voided_at is null) = (voided_by is null)) and ((voided_at is null) = (void_reason is null))))
);

create table lead_experiment_assignments (
  id uuid not null default uuid_generate_v4(),
  lead_id uuid not null,
  experiment_id uuid not null,
  group_name text not null,
  assigned_at timestamp with time zone not null default now(),
  unit_id uuid,
  in_both_arms boolean not null default false,
  constraint lead_experiment_assignments_pkey primary key (id),
  constraint lead_experiment_assignments_once unique (lead_id, experiment_id),
  constraint lead_experiment_assignments_experiment_id_fkey foreign key (experiment_id) references lead_experiments(id),
  constraint lead_experiment_assignments_lead_id_fkey foreign key (lead_id) references leads(id),
  constraint lead_experiment_assignments_group_name check ((group_name = any (array['control'::text, 'treatment'::text])))
);

create table lead_experiment_looks (
  experiment_id uuid not null,
  look_no integer not null,
  taken_at timestamp with time zone not null,
  planned integer,
  information numeric,
  control_n integer not null,
  treatment_n integer not null,
  control_value numeric,
  treatment_value numeric,
  difference numeric,
  difference_low numeric,
  difference_high numeric,
  p_value numeric,
  p_allowed numeric,
  health jsonb not null,
  decision text,
  decision_code text not null,
  decision_reason text not null,
  engine_version integer not null,
  input jsonb not null,
  input_sha256 text not null,
  constraint lead_experiment_looks_pkey primary key (experiment_id, look_no),
  constraint lead_experiment_looks_experiment_id_fkey foreign key (experiment_id) references lead_experiments(id),
  constraint lead_experiment_looks_decision check ((decision = any (array['KEEP'::text, 'KILL'::text, 'INCONCLUSIVE'::text])))
);

create table lead_experiments (
  id uuid not null default uuid_generate_v4(),
  created_at timestamp with time zone not null default now(),
  name text not null,
  skill_id uuid,
  description text,
  hypothesis text,
  status text not null default 'running'::text,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  traffic_split numeric not null default 0.5,
  target_sample_size integer not null default 100,
  min_duration_days integer not null default 14,
  primary_metric text not null,
  secondary_metrics jsonb,
  segment_filter jsonb,
  control_sample_size integer,
  treatment_sample_size integer,
  control_metric_value numeric,
  treatment_metric_value numeric,
  lift_percentage numeric,
  p_value numeric,
  confidence_level numeric,
  decision text,
  decision_reason text,
  updated_at timestamp with time zone not null default now(),
  alpha numeric not null default 0.05,
  power numeric not null default 0.8,
  looks numeric[] not null default '{0.5,0.75,1}'::numeric[],
  outcome_window_hours integer,
  min_effect numeric,
  baseline_rate numeric,
  max_duration_days integer not null default 90,
  guardrails jsonb not null default '[]'::jsonb,
  salt_version integer not null default 1,
  follows_experiment_id uuid,
  auto_apply boolean not null default false,
  assigned_during tstzmultirange not null default '{}'::tstzmultirange,
  evaluated_at timestamp with time zone,
  warnings text[] not null default '{}'::text[],
  decision_code text,
  decided_by text,
  decided_at timestamp with time zone,
  decided_because text,
  constraint lead_experiments_pkey primary key (id),
  constraint lead_experiments_follows_fkey foreign key (follows_experiment_id) references lead_experiments(id),
  constraint lead_experiments_skill_id_fkey foreign key (skill_id) references lead_skills(id),
  constraint lead_experiments_alpha check (((alpha >= 0.001) and (alpha <= 0.2))),
  constraint lead_experiments_baseline_rate check (((baseline_rate >= (0)::numeric) and (baseline_rate <= (1)::numeric))),
  constraint lead_experiments_decision check ((decision = any (array['KEEP'::text, 'KILL'::text, 'INCONCLUSIVE'::text]))),
  constraint lead_experiments_follows_another check ((follows_experiment_id <> id)),
  constraint lead_experiments_guardrails check ((not jsonb_path_exists(guardrails, '$[*]?(@."metric" == $"primary")'::jsonpath, jsonb_build_object('primary', primary_metric)))),
  constraint lead_experiments_looks check ((((cardinality(looks) >= 1) and (cardinality(looks) <= 10)) and (array_position(looks, null::numeric) is null) and ((0)::numeric < all (looks)) and (looks[cardinality(looks)] = (1)::numeric))),
  constraint lead_experiments_max_duration check (((max_duration_days >= greatest(min_duration_days, 1)) and (max_duration_days <= 730))),
  constraint lead_experiments_min_duration_days check ((min_duration_days >= 0)),
  constraint lead_experiments_min_effect check (((min_effect > (0)::numeric) and ((primary_metric = 'time_to_contact'::text) or (min_effect < (1)::numeric)))),
  constraint lead_experiments_outcome_window check ((((outcome_window_hours >= 1) and (outcome_window_hours <= (24 * 365))) and (outcome_window_hours < (24 * max_duration_days)))),
  constraint lead_experiments_p_value check (((p_value >= (0)::numeric) and (p_value <= (1)::numeric))),
  constraint lead_experiments_power check (((power >= 0.5) and (power <= 0.99))),
  constraint lead_experiments_primary_metric check ((primary_metric = any (array['response_rate'::text, 'conversion_rate'::text, 'time_to_contact'::text, 'appointment_rate'::text, 'qualified_rate'::text, 'reply_rate'::text, 'dead_rate'::text]))),
  constraint lead_experiments_secondary_metrics check ((not (coalesce(secondary_metrics, '[]'::jsonb) ? primary_metric))),
  constraint lead_experiments_status check ((status = any (array['draft'::text, 'running'::text, 'paused'::text, 'completed'::text]))),
  constraint lead_experiments_target_sample_size check ((target_sample_size > 0)),
  constraint lead_experiments_traffic_split check (((traffic_split > (0)::numeric) and (traffic_split < (1)::numeric)))
);

create table lead_skills (
  id uuid not null default uuid_generate_v4(),
  created_at timestamp with time zone not null default now(),
  name text not null,
  description text,
  skill_type text,
  status text not null default 'testing'::text,
  activated_at timestamp with time zone,
  deprecated_at timestamp with time zone,
  total_leads_processed integer not null default 0,
  avg_improvement_lift numeric,
  config jsonb,
  spawned_reason text,
  spawned_by text,
  constraint lead_skills_pkey primary key (id),
  constraint lead_skills_name_key unique (name),
  constraint lead_skills_config_size check ((octet_length((config)::text) <= 8192)),
  constraint lead_skills_name_form check ((name ~ '^[a-z0-9][a-z0-9._-]{0,99}$'::text)),
  constraint lead_skills_status check ((status = any (array['testing'::text, 'active'::text, 'paused'::text, 'deprecated'::text]))),
  constraint lead_skills_type check ((skill_type = any (array['automation'::text, 'scoring'::text, 'routing'::text, 'nurture'::text])))
);

create table leads (
  id uuid not null default uuid_generate_v4(),
  created_at timestamp with time zone not null default now(),
  recorded_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  external_id text,
  first_name text,
  last_name text,
  email text,
  phone text,
  email_normalised text,
  phone_normalised text,
  property_address text,
  property_city text,
  property_state text,
  property_zip text,
  estimated_value numeric(14,2),
  mortgage_balance numeric(14,2),
  source text not null,
  utm_source text,
  utm_medium text,
  utm_campaign text,
  referrer_url text,
  is_test boolean not null default false,
  duplicate_of uuid,
  assigned_agent_id uuid,
  assigned_at timestamp with time zone,
  quality_score character(1),
  qualification_reason jsonb,
  current_stage text not null default 'new'::text,
  converted boolean not null default false,
  converted_at timestamp with time zone,
  conversion_value numeric(14,2),
  first_assigned_at timestamp with time zone,
  first_contacted_at timestamp with time zone,
  first_human_contact_at timestamp with time zone,
  first_responded_at timestamp with time zone,
  qualified_at timestamp with time zone,
  appointment_at timestamp with time zone,
  offer_at timestamp with time zone,
  closed_at timestamp with time zone,
  dead_at timestamp with time zone,
  last_stage_event_at timestamp with time zone,
  raw_data jsonb,
  notes text,
  search_text text generated always as (lower(((((((((((((((coalesce(first_name, ''::text) || ' '::text) || coalesce(last_name, ''::text)) || ' '::text) || coalesce(email, ''::text)) || ' '::text) || coalesce(phone, ''::text)) || ' '::text) || coalesce(phone_normalised, ''::text)) || ' '::text) || coalesce(property_address, ''::text)) || ' '::text) || coalesce(property_city, ''::text)) || ' '::text) || coalesce(property_zip, ''::text)))) stored,
  erased_at timestamp with time zone,
  sla_policy_id uuid,
  sla_due_at timestamp with time zone,
  sla_human_only boolean,
  constraint leads_pkey primary key (id),
  constraint leads_source_external_id_key unique (external_id, source),
  constraint leads_assigned_agent_id_fkey foreign key (assigned_agent_id) references agent_profiles(id),
  constraint leads_duplicate_of_fkey foreign key (duplicate_of) references leads(id),
  constraint leads_sla_policy_id_fkey foreign key (sla_policy_id) references sla_policies(id),
  constraint leads_assigned_together check (((assigned_agent_id is null) = (assigned_at is null))),
  constraint leads_conversion_value check (((conversion_value is null) or (converted and (conversion_value >= (0)::numeric) and (conversion_value <> 'NaN'::numeric)))),
  constraint leads_converted_at check ((converted = (converted_at is not null))),
  constraint leads_converted_is_closed check ((converted = (current_stage = 'closed'::text))),
  constraint leads_current_stage check ((current_stage = any (array['new'::text, 'contacted'::text, 'qualified'::text, 'appointment'::text, 'offer'::text, 'closed'::text, 'dead'::text]))),
  constraint leads_duplicate_of_another check ((duplicate_of <> id)),
  constraint leads_estimated_value check (((estimated_value >= (0)::numeric) and (estimated_value <> 'NaN'::numeric))),
  constraint leads_mortgage_balance check (((mortgage_balance >= (0)::numeric) and (mortgage_balance <> 'NaN'::numeric))),
  constraint leads_not_in_the_future check ((created_at <= (recorded_at + '00:05:00'::interval))),
  constraint leads_notes_size check ((octet_length(notes) <= 8192)),
  constraint leads_quality_score check ((quality_score = any (array['A'::bpchar, 'B'::bpchar, 'C'::bpchar, 'D'::bpchar]))),
  constraint leads_raw_data_size check ((octet_length((raw_data)::text) <= 32768)),
  constraint leads_source_normalised check ((source = btrim(lower((source collate "C")))))
);

create table metric_refreshes (
  scheduled_at timestamp with time zone not null,
  finished_at timestamp with time zone not null default clock_timestamp(),
  timezone text,
  constraint metric_refreshes_pkey primary key (scheduled_at)
);

create table schema_migrations (
  kind text not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pkey primary key (kind, name),
  constraint schema_migrations_kind check ((kind = any (array['migration'::text, 'function'::text])))
);

create table sla_clocks (
  id uuid not null default uuidv7(),
  lead_id uuid not null,
  set_at timestamp with time zone not null default clock_timestamp(),
  begins_at timestamp with time zone not null,
  quality_score character(1),
  agent_id uuid,
  policy_id uuid,
  due_at timestamp with time zone,
  constraint sla_clocks_pkey primary key (id),
  constraint sla_clocks_lead_id_fkey foreign key (lead_id) references leads(id) on delete cascade,
  constraint sla_clocks_policy_id_fkey foreign key (policy_id) references sla_policies(id)
);

create table sla_policies (
  id uuid not null default uuidv7(),
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  name text not null,
  active boolean not null default true,
  priority integer not null,
  source text,
  quality_score character(1),
  agent_id uuid,
  target_minutes integer not null,
  human_only boolean not null default false,
  working_hours jsonb,
  days_off jsonb not null default '[]'::jsonb,
  constraint sla_policies_pkey primary key (id),
  constraint sla_policies_name_key unique (name),
  constraint sla_policies_priority check (((priority >= 1) and (priority <= 1000000))),
  constraint sla_policies_quality_score check ((quality_score = any (array['A'::bpchar, 'B'::bpchar, 'C'::bpchar, 'D'::bpchar]))),
  constraint sla_policies_source_normalised check ((source = btrim(lower((source collate "C"))))),
  constraint sla_policies_target_minutes check (((target_minutes >= 1) and (target_minutes <= 43200)))
);

create table source_spend (
  id uuid not null default uuid_generate_v4(),
  source text not null,
  day date not null,
  amount numeric(14,2) not null,
  recorded_at timestamp with time zone not null default now(),
  constraint source_spend_pkey primary key (id),
  constraint source_spend_source_day_key unique (source, day),
  constraint source_spend_amount check (((amount >= (0)::numeric) and (amount <> 'NaN'::numeric))),
  constraint source_spend_source_normalised check ((source = btrim(lower((source collate "C")))))
);

create table workspace (
  only_row boolean not null default true,
  timezone text not null default 'UTC'::text,
  currency text not null default 'USD'::text,
  constraint workspace_pkey primary key (only_row),
  constraint workspace_currency check ((currency ~ '^[A-Z]{3}$'::text)),
  constraint workspace_one_row check (only_row)
);

-- functions

-- acknowledge_incident(incident_id uuid, who text, at timestamp with time zone) returns table(incident json)

-- add_agents(items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid)

-- add_alert_rule(item jsonb, at timestamp with time zone) returns table(rule json, replayed boolean)

-- add_experiment(item jsonb, at timestamp with time zone) returns table(experiment json, baseline json, replayed boolean)

-- add_key(item jsonb, at timestamp with time zone) returns table(key json, first_id text, replayed boolean)

-- add_look(experiment_id uuid, result jsonb, at timestamp with time zone) returns integer

-- add_skills(items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid)

-- add_sla_policy(item jsonb, at timestamp with time zone) returns table(policy json, replayed boolean)

-- advance_incidents(at timestamp with time zone) returns bigint

-- advance_sla_clocks(lead_ids uuid[]) returns integer

-- after_events(lead_id uuid, at timestamp with time zone) returns timestamp with time zone

-- agent_json(a agent_profiles) returns json

-- alert_json(rule alert_rules, incident_id uuid, number integer, transition text, severity text, split_value text, at timestamp with time zone, opened_at timestamp with time zone, value numeric, sample bigint, leads bigint, waiting_leads bigint, since timestamp with time zone, reason text) returns json

-- alert_lead_ids(rule alert_rules, split_value text, is_open boolean, at timestamp with time zone) returns uuid[]

-- alert_leads(at timestamp with time zone) returns table(id uuid, created_at timestamp with time zone, source text, agent_id text, contacted_at timestamp with time zone, waiting boolean, minutes numeric, reached boolean, converted boolean, sla_due_at timestamp with time zone, overdue boolean, sla_met boolean, assigned_agent_id uuid)

-- alert_readings(at timestamp with time zone) returns table(rule_id uuid, split_value text, breaks boolean, recovers boolean, value numeric, sample bigint, leads bigint, waiting_leads bigint, since timestamp with time zone)

-- alert_rule_json(r alert_rules) returns json

-- alert_scopes() returns table(scope bigint, metric text, window_hours integer, by_source boolean, by_agent boolean, over_minutes numeric, reads text, age interval, timed boolean, rule_ids uuid[])

-- api_time(moment timestamp with time zone) returns text

-- apply_retention(scheduled timestamp with time zone, days jsonb, cursor_at timestamp with time zone, cursor_id uuid, most integer) returns table(raw_data integer, people integer, request_keys integer, records integer, audit integer, more boolean, next_at timestamp with time zone, next_id uuid)

-- assign_experiments(lead_ids uuid[], at timestamp with time zone) returns integer

-- avg_response_hours(window_hours integer, at timestamp with time zone) returns table(value numeric, leads bigint, waiting_leads bigint, since timestamp with time zone)

-- calculate_event_intervals() returns trigger

-- change_agent(agent_id uuid, changes jsonb, at timestamp with time zone) returns table(agent json)

-- change_alert_rule(rule_id uuid, changes jsonb, at timestamp with time zone) returns table(rule json)

-- change_experiment(experiment_id uuid, changes jsonb, at timestamp with time zone) returns table(experiment json, baseline json)

-- change_lead(lead_id uuid, changes jsonb, at timestamp with time zone) returns table(outcome text, lead json, held_by uuid, held_by_type text, field text)

-- change_skill(skill_id uuid, changes jsonb, at timestamp with time zone) returns table(skill json)

-- change_sla_policy(policy_id uuid, changes jsonb, at timestamp with time zone) returns table(policy json)

-- check_response_time_sla(at timestamp with time zone default statement_timestamp()) returns table(avg_response_hours numeric, total_leads bigint, waiting_leads bigint, breached boolean)

-- check_sla(scheduled timestamp with time zone, most integer) returns table(rules bigint, broken bigint, unpublished bigint, message json, told json)

-- claim_keys(items jsonb, at timestamp with time zone) returns table(index integer, is_known boolean, is_another boolean)

-- claim_request(request jsonb, at timestamp with time zone) returns boolean

-- correction_json(c corrections, viewer uuid) returns json

-- count_skill_lift(skill_id uuid) returns numeric

-- counted_leads(from_day date, to_day date, seen_as_of timestamp with time zone, at timestamp with time zone, compare text, basis text, source text, agent_id text, quality_score text, utm_campaign text, viewer uuid) returns table(period text, timezone text, as_of timestamp with time zone, id uuid, created_at timestamp with time zone, age interval, source text, utm_campaign text, quality_score text, agent_id uuid, assigned_at timestamp with time zone, contacted_at timestamp with time zone, human_contact_at timestamp with time zone, responded_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, reached integer, is_dead boolean, converted_at timestamp with time zone, revenue numeric, sla_policy_id uuid, sla_due_at timestamp with time zone, sla_state text)

-- day_figures(day date, at timestamp with time zone, weeks_before integer[]) returns table(leads bigint, contacted_leads bigint, contact_rate double precision, median_all_minutes double precision, p90_all_minutes double precision, due_leads bigint, met_leads bigint, late_leads bigint, breached_leads bigint, attainment double precision)

-- day_start(day date, timezone text) returns timestamp with time zone

-- decide_experiment(experiment_id uuid, wanted text, caller text, because text, at timestamp with time zone) returns table(experiment json)

-- derive_leads(lead_ids uuid[]) returns integer

-- derived_leads(lead_ids uuid[]) returns table(lead_id uuid, assigned_agent_id uuid, assigned_at timestamp with time zone, quality_score text, qualification_reason jsonb, current_stage text, converted boolean, stated_value numeric, first_assigned_at timestamp with time zone, first_contacted_at timestamp with time zone, first_human_contact_at timestamp with time zone, first_responded_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, offer_at timestamp with time zone, closed_at timestamp with time zone, dead_at timestamp with time zone, last_stage_event_at timestamp with time zone)

-- digest_json(at timestamp with time zone) returns json

-- drop_raw_data(lead_ids uuid[], raw_before timestamp with time zone, most integer) returns table(leads integer, corrections integer)

-- drop_records(scheduled timestamp with time zone, records_before timestamp with time zone, audit_before timestamp with time zone, most integer) returns table(request_keys integer, records integer, audit integer, more boolean)

-- earlier_twin(lead leads, viewer uuid) returns table(id uuid, created_at timestamp with time zone, original_id uuid, matched_by text)

-- empty_events(lead_ids uuid[]) returns integer

-- end_experiment(experiment_id uuid, result jsonb, at timestamp with time zone) returns table(experiment json)

-- erase_lead(lead_id uuid, caller text, reference text, at timestamp with time zone) returns json

-- erase_leads(lead_ids uuid[], caller text, reference text, at timestamp with time zone) returns integer

-- erase_person(email text, phone text, most integer, caller text, reference text, at timestamp with time zone) returns table(found integer, lead_ids json)

-- erased_id(external_id text) returns text

-- event_json(e lead_events) returns json

-- event_of_stage(stage text) returns text

-- event_rank(event_type text) returns integer

-- experiment_baseline(x lead_experiments, at timestamp with time zone) returns json

-- experiment_bucket(seed text, value text) returns numeric

-- experiment_facts(seen_as_of timestamp with time zone, only_ids uuid[], viewer uuid, only_role text) returns table(experiment_id uuid, facts json)

-- experiment_json(x lead_experiments) returns json

-- experiment_metrics(x lead_experiments) returns table(place bigint, role text, metric text, window_hours integer, margin numeric)

-- experiment_status(x lead_experiments, at timestamp with time zone) returns text

-- experiment_units(seen_as_of timestamp with time zone) returns table(experiment_id uuid, as_of timestamp with time zone, unit_id uuid, lead_id uuid, treated boolean, assigned_at timestamp with time zone, leads bigint, reason text, agent_id uuid, contacted_at timestamp with time zone, responded_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, dead_at timestamp with time zone, converted_at timestamp with time zone)

-- experiment_window_hours(metric text) returns integer

-- export_person(email text, phone text, most integer, cursor_place integer, cursor_at timestamp with time zone, cursor_id uuid, caller text, reference text, at timestamp with time zone) returns table(found integer, available bigint, place integer, created_at timestamp with time zone, id uuid, item json)

-- find_agent(agent_id uuid, agent_external_id text) returns uuid

-- find_lead(lead_id uuid, lead_external_id text, lead_source text, only_source text, viewer uuid) returns uuid

-- find_skill(skill_id uuid, skill text, event_source text) returns uuid

-- fits_segment(l leads, segment jsonb) returns boolean

-- fitting(lead json) returns json

-- fitting_policy(l leads, begins_at timestamp with time zone) returns table(policy_id uuid, human_only boolean, due_at timestamp with time zone)

-- fnv1a_32(bytes bytea) returns bigint

-- grant_bi(username text, with_people boolean) returns text

-- guard_experiment() returns trigger

-- guard_look() returns trigger

-- hook_mapping_json(m hook_mappings) returns json

-- incident_json(i incidents) returns json

-- intake_agent(agent_id uuid, agent_external_id text, viewer uuid) returns uuid

-- item_now(kind text, id uuid, item jsonb, at timestamp with time zone) returns json

-- key_json(k api_keys) returns json

-- known_event(lead_id uuid, external_id text) returns uuid

-- known_lead(source text, external_id text) returns uuid

-- known_to(l leads, only_source text, viewer uuid) returns boolean

-- lead_experiments_json(lead_id uuid) returns json

-- lead_json(l leads, viewer uuid, at timestamp with time zone) returns json

-- lead_summary(l leads, viewer uuid, at timestamp with time zone) returns json

-- leads_of_person(email text, phone text, most integer) returns uuid[]

-- lease_alerts(most integer) returns table(body json, told json)

-- minutes_between(start_at timestamp with time zone, end_at timestamp with time zone) returns numeric

-- note_correction(kind text, subject_id uuid, before jsonb, after jsonb, corrected_by text, at timestamp with time zone) returns jsonb

-- original_of(lead leads, only_source text, viewer uuid) returns uuid

-- percent(part bigint, whole bigint) returns double precision

-- person_fields() returns text[]

-- record_evaluations(items jsonb, scheduled timestamp with time zone, most integer) returns table(evaluated integer, ended integer, unpublished bigint, message json, told json)

-- record_events(items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid)

-- refresh_lead_metrics(scheduled timestamp with time zone) returns boolean

-- rehearse_items(kind text, items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid, sqlstate text, violated text, replayed boolean)

-- report_about(from_day date, to_day date, seen_as_of timestamp with time zone, at timestamp with time zone, basis text, source text, agent_id text, quality_score text, utm_campaign text, viewer uuid) returns table(about json)

-- report_frame(from_day date, to_day date, seen_as_of timestamp with time zone, at timestamp with time zone, compare text) returns table(period text, first_day date, end_day date, timezone text, starts_at timestamp with time zone, ends_at timestamp with time zone, as_of timestamp with time zone)

-- report_leads(starts_at timestamp with time zone, ends_at timestamp with time zone, as_of timestamp with time zone, basis text, source text, agent_id text, quality_score text, utm_campaign text, which text, viewer uuid) returns table(id uuid, created_at timestamp with time zone, age interval, source text, utm_campaign text, quality_score text, agent_id uuid, assigned_at timestamp with time zone, is_test boolean, contacted_at timestamp with time zone, human_contact_at timestamp with time zone, responded_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, dead_at timestamp with time zone, reached integer, is_dead boolean, converted_at timestamp with time zone, revenue numeric, has_early_event boolean, closed_without_contact boolean, sla_policy_id uuid, sla_due_at timestamp with time zone, sla_state text)

-- revoke_key(key_id text, by text, at timestamp with time zone) returns table(key json)

-- rotate_key(key_id text, successor_id text, by text, request jsonb, until timestamp with time zone, at timestamp with time zone) returns table(key json, first_id text, replayed boolean)

-- run_experiment(experiment_id uuid, wanted text, caller text, at timestamp with time zone) returns table(experiment json)

-- set_database_role(duty text, username text, password text) returns text

-- set_hook_mapping(given jsonb, at timestamp with time zone) returns table(inserted boolean, item json)

-- set_sla_clocks(lead_ids uuid[]) returns integer

-- set_spend(items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid)

-- shown(value double precision) returns double precision

-- shown_original(original_id uuid, viewer uuid) returns uuid

-- silent_sources(as_of timestamp with time zone, viewer uuid) returns table(source text, last_lead_at timestamp with time zone, silent_days numeric, mean_gap_days numeric)

-- skill_json(s lead_skills) returns json

-- sla_answered_at(human_only boolean, first_human_contact_at timestamp with time zone, first_contacted_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, offer_at timestamp with time zone, closed_at timestamp with time zone) returns timestamp with time zone

-- sla_policy_json(p sla_policies) returns json

-- sla_state(due_at timestamp with time zone, is_left_out boolean, answered_at timestamp with time zone, dead_at timestamp with time zone, at timestamp with time zone) returns text

-- stage_rank(stage text) returns integer

-- stop_experiment(experiment_id uuid, caller text, at timestamp with time zone) returns table(experiment json)

-- store_items(kind text, items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid, sqlstate text, violated text)

-- take_leads(items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid)

-- void_event(event_id uuid, by text, reason text, only_source text, viewer uuid, corrected_by text, at timestamp with time zone) returns table(outcome text, event json)

-- waiting_leads(as_of timestamp with time zone, source text, agent_id text, quality_score text, utm_campaign text, viewer uuid) returns table(place bigint, id uuid, created_at timestamp with time zone, age interval, sla_state text, sla_due_at timestamp with time zone, sla_policy_id uuid, estimated_value numeric, source text, quality_score text, agent_id uuid, is_history boolean)

-- wilson_high(part bigint, whole bigint) returns double precision

-- wilson_low(part bigint, whole bigint) returns double precision

-- working_deadline(begins_at timestamp with time zone, minutes integer, hours jsonb, days_off jsonb, timezone text) returns timestamp with time zone

-- write_digest(scheduled timestamp with time zone, most integer) returns table(written integer, unpublished bigint, message json, told json)

-- write_items(kind text, items jsonb, at timestamp with time zone) returns table(index integer, inserted boolean, id uuid, sqlstate text, violated text, replayed boolean)

-- views

create view bi.agents as
 select id,
    first_name,
    last_name,
    team,
    active
   from agent_profiles a;

create view bi.lead_events as
 select e.id,
    e.lead_id,
    e.created_at,
    e.recorded_at,
    e.event_type,
    e.event_source,
    e.agent_id,
    e.skill_id,
    e.value
   from lead_events e
     join leads l on l.id = e.lead_id
  where e.voided_at is null and not l.is_test and l.duplicate_of is null;

create view bi.lead_metrics as
 select date,
    source,
    quality_score,
    assigned_agent_id,
    total_leads,
    contacted_leads,
    qualified_leads,
    converted_leads,
    contact_rate,
    qualification_rate,
    conversion_rate,
    avg_time_to_contact_minutes,
    avg_days_to_convert,
    total_revenue,
    avg_deal_value,
    contact_seconds_sum,
    contact_seconds_n,
    convert_seconds_sum,
    convert_seconds_n,
    deal_value_n
   from lead_metrics m;

create view bi.leads as
 select id,
    created_at,
    recorded_at,
    source,
    utm_source,
    utm_medium,
    nullif(utm_campaign, ''::text) as utm_campaign,
    assigned_agent_id,
    assigned_at,
    quality_score,
    current_stage,
    converted,
    converted_at,
    conversion_value,
    first_assigned_at,
    first_contacted_at,
    first_human_contact_at,
    first_responded_at,
    qualified_at,
    appointment_at,
    offer_at,
    closed_at,
    dead_at
   from leads l
  where not is_test and duplicate_of is null;

create view bi.people as
 select id as lead_id,
    first_name,
    last_name,
    email,
    phone,
    property_address,
    property_city,
    property_state,
    property_zip,
    estimated_value,
    mortgage_balance
   from leads l
  where not is_test and duplicate_of is null and erased_at is null;

create view bi.skills as
 select id,
    name,
    skill_type,
    status
   from lead_skills s;

create view bi.source_spend as
 select day,
    source,
    amount
   from source_spend s;

create view bi.workspace as
 select timezone,
    currency
   from workspace w;

create materialized view lead_metrics as
 select (l.created_at at time zone (( select w.timezone
           from workspace w)))::date as date,
    l.source,
    l.quality_score,
    l.assigned_agent_id,
    count(*) as total_leads,
    count(*) filter (where r.contacted) as contacted_leads,
    count(*) filter (where r.qualified) as qualified_leads,
    count(*) filter (where l.converted) as converted_leads,
    round(100.0 * count(*) filter (where r.contacted)::numeric / count(*)::numeric, 2) as contact_rate,
    round(100.0 * count(*) filter (where r.qualified)::numeric / count(*)::numeric, 2) as qualification_rate,
    round(100.0 * count(*) filter (where l.converted)::numeric / count(*)::numeric, 2) as conversion_rate,
    round(avg(r.contact_seconds) / 60::numeric, 2) as avg_time_to_contact_minutes,
    round(avg(r.convert_seconds) / 86400::numeric, 2) as avg_days_to_convert,
    sum(l.conversion_value) as total_revenue,
    round(avg(l.conversion_value), 2) as avg_deal_value,
    sum(r.contact_seconds) as contact_seconds_sum,
    count(r.contact_seconds) as contact_seconds_n,
    sum(r.convert_seconds) as convert_seconds_sum,
    count(r.convert_seconds) as convert_seconds_n,
    count(l.conversion_value) as deal_value_n
   from leads l
     cross join lateral ( select coalesce(l.first_contacted_at, l.qualified_at, l.appointment_at, l.offer_at, l.closed_at) is not null as contacted,
            coalesce(l.qualified_at, l.appointment_at, l.offer_at, l.closed_at) is not null as qualified,
            greatest(extract(epoch from l.first_contacted_at - l.created_at), 0::numeric) *
                case
                    when l.first_contacted_at is not null then 1
                    else null::integer
                end::numeric as contact_seconds,
            greatest(extract(epoch from l.converted_at - l.created_at), 0::numeric) *
                case
                    when l.converted_at is not null then 1
                    else null::integer
                end::numeric as convert_seconds) r
  where not l.is_test and l.duplicate_of is null
  group by ((l.created_at at time zone (( select w.timezone
           from workspace w)))::date), l.source, l.quality_score, l.assigned_agent_id;

-- indexes

create index idx_alert_messages_experiment on public.alert_messages using btree (experiment_id) where (experiment_id is not null);

create index idx_alert_messages_unpublished on public.alert_messages using btree (scheduled_at, id) where (published_at is null);

create index idx_api_keys_created_at on public.api_keys using btree (created_at, row_id);

create index idx_api_keys_replaced_by on public.api_keys using btree (replaced_by) where (replaced_by is not null);

create index idx_api_keys_revoked on public.api_keys using btree (id) where (revoked_at is not null);

create index idx_audit_log_created_at on public.audit_log using btree (created_at, id);

create index idx_audit_log_lead on public.audit_log using btree (lead_id, created_at, id);

create index idx_corrections_created_at on public.corrections using btree (created_at, id);

create index idx_corrections_subject on public.corrections using btree (subject_id, created_at, id);

create index idx_idempotency_keys_created_at on public.idempotency_keys using btree (created_at);

create index idx_incidents_opened_at on public.incidents using btree (opened_at, id);

create index idx_incidents_resolved_at on public.incidents using btree (resolved_at) where (resolved_at is not null);

create unique index incidents_one_open on public.incidents using btree (rule_id, split_value) nulls not distinct where (resolved_at is null);

create index idx_job_runs_finished_at on public.job_runs using btree (job, finished_at);

create index idx_lead_events_created_at on public.lead_events using btree (created_at, id);

create index idx_lead_events_lead_id on public.lead_events using btree (lead_id, created_at, id);

create index idx_lead_events_skill on public.lead_events using btree (skill_id, lead_id) where ((skill_id is not null) and (voided_at is null));

create index idx_lead_events_type on public.lead_events using btree (event_type);

create unique index lead_events_external_id_once on public.lead_events using btree (lead_id, (
case
    when (external_id ~ '^erased:[0-9a-f-]{36}$'::text) then external_id
    else ('erased:'::text || (uuid_generate_v5('1b7fdc0a-52a9-5d0b-9f5e-0a4f5c8e7d21'::uuid, external_id))::text)
end)) where (external_id is not null);

create unique index lead_events_one_created on public.lead_events using btree (lead_id) where (event_type = 'created'::text);

create index idx_assignments_experiment on public.lead_experiment_assignments using btree (experiment_id);

create index idx_assignments_lead on public.lead_experiment_assignments using btree (lead_id);

create index idx_assignments_unit on public.lead_experiment_assignments using btree (experiment_id, unit_id);

create index idx_experiments_skill_id on public.lead_experiments using btree (skill_id);

create index idx_experiments_status on public.lead_experiments using btree (status);

create index idx_lead_metrics_date on public.lead_metrics using btree (date);

create index idx_lead_metrics_source on public.lead_metrics using btree (source);

create unique index lead_metrics_key on public.lead_metrics using btree (date, source, quality_score, assigned_agent_id) nulls not distinct;

create index idx_leads_assigned_agent on public.leads using btree (assigned_agent_id);

create index idx_leads_closed_at on public.leads using btree (closed_at) where (closed_at is not null);

create index idx_leads_created_at on public.leads using btree (created_at, id);

create index idx_leads_current_stage on public.leads using btree (current_stage);

create index idx_leads_duplicate_of on public.leads using btree (duplicate_of) where (duplicate_of is not null);

create index idx_leads_email on public.leads using btree (email_normalised, created_at, id) where (email_normalised is not null);

create index idx_leads_not_counted on public.leads using btree (created_at) where (is_test or (duplicate_of is not null));

create index idx_leads_open on public.leads using btree (assigned_agent_id) where (current_stage <> all (array['closed'::text, 'dead'::text]));

create index idx_leads_overdue_until on public.leads using btree (coalesce(least(
case
    when sla_human_only then first_human_contact_at
    else first_contacted_at
end, qualified_at, appointment_at, offer_at, closed_at,
case
    when (current_stage = 'dead'::text) then dead_at
    else null::timestamp with time zone
end), 'infinity'::timestamp with time zone)) where (sla_due_at is not null);

create index idx_leads_people on public.leads using btree (created_at, id) where ((erased_at is null) and (not converted));

create index idx_leads_phone on public.leads using btree (phone_normalised, created_at, id) where (phone_normalised is not null);

create index idx_leads_quality_score on public.leads using btree (quality_score);

create index idx_leads_raw_data on public.leads using btree (created_at, id) where (raw_data is not null);

create index idx_leads_search on public.leads using gin (search_text gin_trgm_ops);

create index idx_leads_sla_due_at on public.leads using btree (sla_due_at) where (sla_due_at is not null);

create index idx_leads_sla_policy on public.leads using btree (sla_policy_id) where (sla_policy_id is not null);

create index idx_leads_source on public.leads using btree (source);

create index idx_leads_waiting_until on public.leads using btree (coalesce(least(first_contacted_at, qualified_at, appointment_at, offer_at, closed_at, dead_at), 'infinity'::timestamp with time zone));

create unique index leads_external_id_once on public.leads using btree ((
case
    when (external_id ~ '^erased:[0-9a-f-]{36}$'::text) then external_id
    else ('erased:'::text || (uuid_generate_v5('1b7fdc0a-52a9-5d0b-9f5e-0a4f5c8e7d21'::uuid, external_id))::text)
end), source);

create index idx_sla_clocks_lead on public.sla_clocks using btree (lead_id, id);

create index idx_sla_clocks_policy on public.sla_clocks using btree (policy_id) where (policy_id is not null);

create index idx_source_spend_day on public.source_spend using btree (day, id);

-- triggers

create trigger set_event_intervals after insert on lead_events referencing new table as new_events for each statement execute function calculate_event_intervals();

create trigger set_event_intervals_on_delete after delete on lead_events referencing old table as old_events for each statement execute function calculate_event_intervals();

create trigger set_event_intervals_on_update after update on lead_events referencing old table as old_events new table as new_events for each statement when (pg_trigger_depth() = 0) execute function calculate_event_intervals();

create trigger guard_look before delete or update on lead_experiment_looks for each row execute function guard_look();

create trigger guard_experiment before update on lead_experiments for each row execute function guard_experiment();
