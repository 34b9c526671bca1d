-- What the migrations add up to. Generated: run npm run schema after a change.

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
  rule text not null,
  scheduled_at timestamp with time zone not null,
  metric text not null,
  severity text not null,
  body json not null,
  attempts integer not null default 0,
  leased_until timestamp with time zone,
  published_at timestamp with time zone,
  constraint alert_messages_pkey primary key (id),
  constraint alert_messages_once unique (rule, scheduled_at),
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
  enabled boolean not null default true,
  constraint alert_rules_pkey primary key (name),
  constraint alert_rules_metric check ((metric = any (array['avg_response_hours'::text, 'oldest_waiting_minutes'::text]))),
  constraint alert_rules_minimum_leads check ((minimum_leads > 0)),
  constraint alert_rules_name_form check ((name ~ '^[a-z0-9][a-z0-9-]{0,49}$'::text)),
  constraint alert_rules_severity check ((severity = any (array['info'::text, 'warning'::text, 'critical'::text]))),
  constraint alert_rules_threshold check (((threshold >= (0)::numeric) and (threshold < 'Infinity'::numeric))),
  constraint alert_rules_window check (
case metric
    when 'oldest_waiting_minutes'::text then (window_hours is null)
    else ((window_hours is not null) and ((window_hours >= 1) and (window_hours <= 8760)))
end)
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
  constraint lead_experiment_assignments_pkey primary key (id),
  constraint lead_experiment_assignments_once unique (lead_id, experiment_id),
  constraint lead_experiment_assignments_experiment_id_fkey foreign key (experiment_id) references lead_experiments(id),
  constraint lead_experiment_assignments_lead_id_fkey foreign key (lead_id) references leads(id),
  constraint lead_experiment_assignments_group_name check ((group_name = any (array['control'::text, 'treatment'::text])))
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
  constraint lead_experiments_pkey primary key (id),
  constraint lead_experiments_skill_id_fkey foreign key (skill_id) references lead_skills(id),
  constraint lead_experiments_decision check ((decision = any (array['KEEP'::text, 'KILL'::text, 'INCONCLUSIVE'::text]))),
  constraint lead_experiments_min_duration_days check ((min_duration_days >= 0)),
  constraint lead_experiments_p_value check (((p_value >= (0)::numeric) and (p_value <= (1)::numeric))),
  constraint lead_experiments_primary_metric check ((primary_metric = any (array['response_rate'::text, 'conversion_rate'::text, 'time_to_contact'::text, 'appointment_rate'::text, 'qualified_rate'::text, 'reply_rate'::text, 'dead_rate'::text]))),
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
  constraint leads_pkey primary key (id),
  constraint leads_source_external_id_key unique (source, external_id),
  constraint leads_assigned_agent_id_fkey foreign key (assigned_agent_id) references agent_profiles(id),
  constraint leads_duplicate_of_fkey foreign key (duplicate_of) references leads(id),
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

create table workspace (
  only_row boolean not null default true,
  timezone text not null default 'UTC'::text,
  currency text not null default 'USD'::text,
  constraint workspace_pkey primary key (only_row),
  constraint workspace_currency check ((currency ~ '^[A-Z]{3}$'::text)),
  constraint workspace_one_row check (only_row)
);

-- functions

create or replace function public.add_agent(given jsonb, at timestamp with time zone)
 returns table(inserted boolean, agent json)
 language plpgsql
as $function$
declare
  new_id uuid := uuidv7();
begin
  insert into agent_profiles (
    id, created_at, external_id, first_name, last_name, email, phone, team, active
  )
  select
    new_id, at, g.external_id, g.first_name, g.last_name, g.email, g.phone, g.team,
    coalesce(g.active, true)
  from jsonb_populate_record(null::agent_profiles, given) as g
  on conflict (external_id) do nothing;

  return query
  select a.id = new_id, agent_json(a)
  from agent_profiles a
  where a.id = new_id or a.external_id = given ->> 'external_id';
end
$function$;

create or replace function public.agent_json(a agent_profiles)
 returns json
 language sql
 stable
as $function$
  select row_to_json(shown)
  from (
    select
      a.id,
      api_time(a.created_at) as created_at,
      api_time(a.updated_at) as updated_at,
      a.external_id,
      a.first_name,
      a.last_name,
      a.email,
      a.phone,
      a.team,
      a.active,
      (
        select count(*)
        from leads l
        where l.assigned_agent_id = a.id and l.current_stage not in ('closed', 'dead')
      ) as open_leads
  ) as shown
$function$;

create or replace function public.alert_leads(at timestamp with time zone)
 returns table(created_at timestamp with time zone, contacted_at timestamp with time zone, waiting boolean)
 language sql
 stable
as $function$
  select
    l.created_at,
    case when l.first_contacted_at <= at then l.first_contacted_at end,
    coalesce(
      least(
        l.first_contacted_at, l.qualified_at, l.appointment_at, l.offer_at, l.closed_at, l.dead_at
      ) > at,
      true
    )
  from leads l
  where l.created_at <= at
    and not l.is_test
    and l.duplicate_of is null
    and l.recorded_at <= l.created_at + interval '24 hours'
$function$;

create or replace function public.alert_reading(rule alert_rules, at timestamp with time zone)
 returns table(value numeric, leads bigint, waiting_leads bigint, since timestamp with time zone)
 language plpgsql
 stable
as $function$
begin
  case rule.metric
    when 'avg_response_hours' then
      return query select * from avg_response_hours(rule.window_hours, at);
    when 'oldest_waiting_minutes' then
      return query select * from oldest_waiting_minutes(rule.threshold, at);
  end case;
end
$function$;

create or replace function public.api_time(moment timestamp with time zone)
 returns text
 language sql
 stable parallel safe
return to_char((moment at time zone 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text);

create or replace function public.avg_response_hours(window_hours integer, at timestamp with time zone)
 returns table(value numeric, leads bigint, waiting_leads bigint, since timestamp with time zone)
 language sql
 stable
as $function$
  select
    avg(minutes_between(l.created_at, coalesce(l.contacted_at, at))) / 60,
    count(*),
    count(*) filter (where l.waiting),
    at - make_interval(hours => window_hours)
  from alert_leads(at) as l
  where l.created_at > at - make_interval(hours => window_hours)
    and (l.waiting or l.contacted_at is not null)
$function$;

create or replace function public.calculate_event_intervals()
 returns trigger
 language plpgsql
as $function$
declare
  lead_ids uuid[];
begin
  if tg_op = 'INSERT' then
    select array_agg(distinct lead_id) into lead_ids from new_events;
  elsif tg_op = 'DELETE' then
    select array_agg(distinct lead_id) into lead_ids from old_events;
  else
    select array_agg(distinct lead_id) into lead_ids
    from (select lead_id from new_events union all select lead_id from old_events) as touched;
  end if;
  if lead_ids is not null then
    perform derive_leads(lead_ids);
  end if;
  return null;
end
$function$;

create or replace function public.change_agent(agent_id uuid, changes jsonb, at timestamp with time zone)
 returns table(agent json)
 language plpgsql
as $function$
declare
  successor uuid := find_agent((changes ->> 'reassign_to')::uuid, null);
begin
  update agent_profiles a
  set
    updated_at = clock_timestamp(),
    external_id = g.external_id,
    first_name = g.first_name,
    last_name = g.last_name,
    email = g.email,
    phone = g.phone,
    team = g.team,
    active = g.active
  from agent_profiles old
  cross join lateral jsonb_populate_record(old, changes) as g
  where old.id = change_agent.agent_id and a.id = old.id;

  insert into lead_events (
    id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, details
  )
  select
    uuidv7(), l.id, at, at, 'assigned', changes ->> 'event_source', successor,
    jsonb_build_object('by', changes -> 'by')
  from leads l
  where successor is not null
    and l.assigned_agent_id = change_agent.agent_id
    and l.current_stage not in ('closed', 'dead')
  order by l.id;

  return query select agent_json(a) from agent_profiles a where a.id = change_agent.agent_id;
end
$function$;

create or replace function public.change_lead(lead_id uuid, changes jsonb, at timestamp with time zone)
 returns table(outcome text, lead json, held_by uuid, held_by_type text)
 language plpgsql
as $function$
declare
  old leads;
  new leads;
  assignee uuid;
  actor lead_skills;
  furthest text;
  stage text := changes ->> 'stage';
begin
  select * into old from leads l where l.id = change_lead.lead_id for no key update;
  if old.id is null then
    return query select 'missing', null::json, null::uuid, null::text;
    return;
  end if;

  furthest := case
    when old.closed_at is not null then 'closed'
    when old.offer_at is not null then 'offer'
    when old.appointment_at is not null then 'appointment'
    when old.qualified_at is not null then 'qualified'
    when old.first_contacted_at is not null then 'contacted'
    else 'new'
  end;
  if stage_rank(stage) < stage_rank(furthest) or (stage = 'new' and old.current_stage = 'dead') then
    return query
    select 'held', null::json, e.id, e.event_type
    from lead_events e
    where e.lead_id = old.id and e.voided_at is null
      and e.event_type = event_of_stage(case furthest when 'new' then 'dead' else furthest end)
    order by e.created_at desc, e.id desc
    limit 1;
    return;
  end if;

  new := jsonb_populate_record(old, changes);
  update leads l
  set
    updated_at = clock_timestamp(),
    first_name = new.first_name,
    last_name = new.last_name,
    email = new.email,
    phone = new.phone,
    email_normalised = new.email_normalised,
    phone_normalised = new.phone_normalised,
    property_address = new.property_address,
    property_city = new.property_city,
    property_state = new.property_state,
    property_zip = new.property_zip,
    estimated_value = new.estimated_value,
    mortgage_balance = new.mortgage_balance,
    utm_source = new.utm_source,
    utm_medium = new.utm_medium,
    utm_campaign = new.utm_campaign,
    referrer_url = new.referrer_url,
    is_test = new.is_test,
    duplicate_of = new.duplicate_of,
    raw_data = nullif(new.raw_data, 'null'::jsonb),
    notes = new.notes
  where l.id = old.id;

  assignee := find_agent((changes ->> 'agent_id')::uuid, changes ->> 'agent_external_id');
  select s.* into actor from lead_skills s where s.id = (changes ->> 'skill_id')::uuid;
  if actor.id is null and changes ->> 'skill_id' is not null then
    raise foreign_key_violation using message =
      'unknown skill violates foreign key constraint "skill_id_known"';
  end if;

  insert into lead_events (
    id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, skill_id, value,
    details
  )
  select
    uuidv7(), old.id, at, at, e.event_type, e.event_source, e.agent_id, e.skill_id, e.value,
    e.details
  from (
    values
      (
        changes ?| array['agent_id', 'agent_external_id']
          and assignee is distinct from old.assigned_agent_id,
        'assigned', changes ->> 'event_source', assignee, null::uuid, null::numeric,
        jsonb_build_object('by', changes -> 'by')
      ),
      (
        changes ? 'quality_score' and (
          changes ->> 'quality_score',
          nullif(changes -> 'qualification_reason', 'null'::jsonb)
        ) is distinct from (old.quality_score::text, old.qualification_reason),
        'scored', coalesce('skill:' || actor.name, changes ->> 'event_source'), null, actor.id,
        null,
        jsonb_build_object(
          'quality_score', changes -> 'quality_score',
          'qualification_reason', changes -> 'qualification_reason'
        )
      ),
      (
        stage <> 'new' and (stage <> old.current_stage or changes ? 'value'),
        event_of_stage(stage), changes ->> 'event_source', null, null,
        (changes ->> 'value')::numeric, jsonb_build_object('by', changes -> 'by')
      )
  ) as e (happened, event_type, event_source, agent_id, skill_id, value, details)
  where e.happened;

  return query
  select 'changed', fitting(lead_json(l)), null::uuid, null::text
  from leads l
  where l.id = old.id;
end
$function$;

create or replace function public.check_response_time_sla(at timestamp with time zone default statement_timestamp())
 returns table(avg_response_hours numeric, total_leads bigint, waiting_leads bigint, breached boolean)
 language sql
 stable
as $function$
  select
    round(r.value, 2),
    r.leads,
    r.waiting_leads,
    coalesce(r.value > 2 and r.leads >= 5, false)
  from avg_response_hours(24, at) as r
$function$;

create or replace function public.check_sla(scheduled timestamp with time zone, most integer)
 returns table(rules bigint, broken bigint, unpublished bigint, messages json)
 language plpgsql
as $function$
#variable_conflict use_column
declare
  checked bigint;
  failed bigint;
  leased json;
begin
  -- Firings of one scheduled time take turns here, up to the end of the call.
  insert into job_runs (job, scheduled_at)
  values ('check-sla', scheduled)
  on conflict (job, scheduled_at) do update set attempts = job_runs.attempts + 1;

  with readings as (
    select
      r.*, m.value, m.leads, m.waiting_leads, m.since,
      coalesce(m.value > r.threshold and m.leads >= r.minimum_leads, false) as broken,
      r.name || ':' || to_char(scheduled at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as id
    from alert_rules r
    cross join lateral alert_reading(r, scheduled) as m
    where r.enabled
  ),
  owed as (
    insert into alert_messages (id, rule, scheduled_at, metric, severity, body)
    select
      r.id, r.name, scheduled, r.metric, r.severity,
      json_build_object(
        'version', 1,
        'id', r.id,
        'rule', r.name,
        'metric', r.metric,
        'severity', r.severity,
        'scheduled_at', api_time(scheduled),
        -- Rounded up: what is above the threshold reads so.
        'value', round(ceil(r.value * 100) / 100, 2),
        'threshold', trim_scale(r.threshold),
        'window_hours', r.window_hours,
        'since', api_time(r.since),
        'leads', r.leads,
        'waiting_leads', r.waiting_leads,
        'timezone', w.timezone
      )
    from readings r
    cross join workspace w
    where r.broken
    order by r.id
    on conflict do nothing
  )
  select count(*), count(*) filter (where r.broken) into checked, failed from readings r;

  with free as (
    select m.id
    from alert_messages m
    where m.published_at is null
      and (m.leased_until is null or m.leased_until < clock_timestamp())
    -- What could not be published before comes last, so that it holds up nothing.
    order by m.attempts, m.scheduled_at, m.id
    limit most
    for update skip locked
  ),
  taken as (
    update alert_messages m
    set leased_until = clock_timestamp() + interval '50 seconds', attempts = m.attempts + 1
    from free
    where m.id = free.id
    returning m.scheduled_at, m.id, m.body
  )
  select json_agg(t.body order by t.scheduled_at, t.id) into leased from taken t;

  return query
  select checked, failed, count(*), coalesce(leased, '[]'::json)
  from alert_messages m
  where m.published_at is null;
end
$function$;

create or replace function public.counted_leads(from_day date, to_day date, seen_as_of timestamp with time zone, at timestamp with time zone, compare text, basis text, source text, agent_id text, quality_score text, utm_campaign text)
 returns table(period text, timezone text, as_of timestamp with time zone, id uuid, created_at timestamp with time zone, age interval, source text, utm_campaign text, quality_score text, agent_id uuid, assigned_at timestamp with time zone, contacted_at timestamp with time zone, human_contact_at timestamp with time zone, responded_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, reached integer, is_dead boolean, converted_at timestamp with time zone, revenue numeric)
 language sql
 stable
as $function$
  select
    f.period, f.timezone, f.as_of, l.id, l.created_at, l.age, l.source, l.utm_campaign,
    l.quality_score, l.agent_id, l.assigned_at, l.contacted_at, l.human_contact_at,
    l.responded_at, l.qualified_at, l.appointment_at, l.reached, l.is_dead, l.converted_at,
    l.revenue
  from report_frame(from_day, to_day, seen_as_of, at, compare) as f
  cross join lateral report_leads(
    f.starts_at, f.ends_at, f.as_of, counted_leads.basis, counted_leads.source,
    counted_leads.agent_id, counted_leads.quality_score, counted_leads.utm_campaign,
    'counted'
  ) as l
$function$;

create or replace function public.day_start(day date, timezone text)
 returns timestamp with time zone
 language sql
 immutable parallel safe
as $function$
  select min(moment)
  from (
    select day::timestamp at time zone timezone - earlier as moment
    from unnest(array[interval '0', interval '30 minutes', interval '1 hour', interval '2 hours'])
      as earlier
  ) as candidates
  where (moment at time zone timezone)::date >= day
$function$;

create or replace function public.derive_leads(lead_ids uuid[])
 returns integer
 language plpgsql
as $function$
declare
  changed integer;
begin
  perform from leads where id = any (lead_ids) order by id for no key update;

  with intervals as (
    select
      e.id,
      e.created_at - lag(e.created_at) over (
        partition by e.lead_id order by e.created_at, event_rank(e.event_type), e.id
      ) as since_previous,
      e.created_at - l.created_at as since_created
    from lead_events e
    join leads l on l.id = e.lead_id
    where e.lead_id = any (lead_ids) and e.voided_at is null
    union all
    select e.id, null, null
    from lead_events e
    where e.lead_id = any (lead_ids) and e.voided_at is not null
  )
  update lead_events e
  set time_since_previous_event = i.since_previous, time_since_lead_created = i.since_created
  from intervals i
  where e.id = i.id
    and (
      e.time_since_previous_event is distinct from i.since_previous
      or e.time_since_lead_created is distinct from i.since_created
    );

  update leads l
  set
    updated_at = clock_timestamp(),
    assigned_agent_id = d.assigned_agent_id,
    assigned_at = d.assigned_at,
    quality_score = d.quality_score,
    qualification_reason = d.qualification_reason,
    current_stage = d.current_stage,
    converted = d.converted,
    converted_at = case when d.converted then d.closed_at end,
    conversion_value = case when d.converted then d.stated_value end,
    first_assigned_at = d.first_assigned_at,
    first_contacted_at = d.first_contacted_at,
    first_human_contact_at = d.first_human_contact_at,
    first_responded_at = d.first_responded_at,
    qualified_at = d.qualified_at,
    appointment_at = d.appointment_at,
    offer_at = d.offer_at,
    closed_at = d.closed_at,
    dead_at = d.dead_at,
    last_stage_event_at = d.last_stage_event_at
  from derived_leads(lead_ids) d
  where l.id = d.lead_id
    and (
      l.assigned_agent_id, l.assigned_at, l.quality_score, l.qualification_reason,
      l.current_stage, l.converted_at, l.conversion_value, l.first_assigned_at,
      l.first_contacted_at, l.first_human_contact_at, l.first_responded_at, l.qualified_at,
      l.appointment_at, l.offer_at, l.closed_at, l.dead_at, l.last_stage_event_at
    ) is distinct from (
      d.assigned_agent_id, d.assigned_at, d.quality_score::char(1), d.qualification_reason,
      d.current_stage, case when d.converted then d.closed_at end,
      case when d.converted then d.stated_value end, d.first_assigned_at,
      d.first_contacted_at, d.first_human_contact_at, d.first_responded_at, d.qualified_at,
      d.appointment_at, d.offer_at, d.closed_at, d.dead_at, d.last_stage_event_at
    );
  get diagnostics changed = row_count;
  return changed;
end
$function$;

create or replace function public.derived_leads(lead_ids uuid[])
 returns table(lead_id uuid, assigned_agent_id uuid, assigned_at timestamp with time zone, quality_score text, qualification_reason jsonb, current_stage text, converted boolean, stated_value numeric, first_assigned_at timestamp with time zone, first_contacted_at timestamp with time zone, first_human_contact_at timestamp with time zone, first_responded_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, offer_at timestamp with time zone, closed_at timestamp with time zone, dead_at timestamp with time zone, last_stage_event_at timestamp with time zone)
 language sql
 stable
as $function$
  with events as (
    select e.*, event_rank(e.event_type) as rank, e.event_type in (
      'contacted', 'qualified', 'appointment_scheduled', 'offer_made', 'closed', 'dead'
    ) as moves_stage
    from lead_events e
    where e.lead_id = any (lead_ids) and e.voided_at is null
  ),
  facts as (
    select
      e.lead_id,
      min(e.created_at) filter (where e.event_type = 'assigned' and e.agent_id is not null)
        as first_assigned_at,
      min(e.created_at) filter (where e.event_type = 'contacted') as first_contacted_at,
      min(e.created_at) filter (where e.event_type = 'contacted' and e.event_source = 'agent')
        as first_human_contact_at,
      min(e.created_at) filter (where e.event_type = 'responded') as first_responded_at,
      min(e.created_at) filter (where e.event_type = 'qualified') as qualified_at,
      min(e.created_at) filter (where e.event_type = 'appointment_scheduled') as appointment_at,
      min(e.created_at) filter (where e.event_type = 'offer_made') as offer_at,
      min(e.created_at) filter (where e.event_type = 'closed') as closed_at,
      min(e.created_at) filter (where e.event_type = 'dead') as dead_at,
      max(e.created_at) filter (where e.moves_stage) as last_stage_event_at,
      (array_agg(e.event_type order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.moves_stage))[1] as last_stage_event,
      (array_agg(e.agent_id order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.event_type = 'assigned'))[1] as assigned_agent_id,
      max(e.created_at) filter (where e.event_type = 'assigned') as last_assigned_at,
      (array_agg(e.details order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.event_type = 'scored'))[1] as score,
      (array_agg(e.value order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.event_type = 'closed' and e.value is not null))[1] as stated_value
    from events e
    group by e.lead_id
  )
  select
    l.id,
    f.assigned_agent_id,
    case when f.assigned_agent_id is not null then f.last_assigned_at end,
    f.score ->> 'quality_score',
    nullif(f.score -> 'qualification_reason', 'null'::jsonb),
    case
      when f.last_stage_event = 'dead' then 'dead'
      when f.closed_at is not null then 'closed'
      when f.offer_at is not null then 'offer'
      when f.appointment_at is not null then 'appointment'
      when f.qualified_at is not null then 'qualified'
      when f.first_contacted_at is not null then 'contacted'
      else 'new'
    end,
    f.closed_at is not null and f.last_stage_event <> 'dead',
    f.stated_value,
    f.first_assigned_at,
    f.first_contacted_at,
    f.first_human_contact_at,
    f.first_responded_at,
    f.qualified_at,
    f.appointment_at,
    f.offer_at,
    f.closed_at,
    f.dead_at,
    f.last_stage_event_at
  from unnest(lead_ids) as l (id)
  left join facts f on f.lead_id = l.id
$function$;

create or replace function public.event_json(e lead_events)
 returns json
 language sql
 stable
as $function$
  select row_to_json(shown)
  from (
    select
      e.id,
      e.lead_id,
      api_time(e.created_at) as created_at,
      api_time(e.recorded_at) as recorded_at,
      e.external_id,
      e.event_type,
      e.event_source,
      e.agent_id,
      e.skill_id,
      e.value::text as value,
      e.details,
      extract(epoch from e.time_since_previous_event)::float8 as time_since_previous_event_seconds,
      extract(epoch from e.time_since_lead_created)::float8 as time_since_lead_created_seconds,
      api_time(e.voided_at) as voided_at,
      e.voided_by,
      e.void_reason
  ) as shown
$function$;

create or replace function public.event_of_stage(stage text)
 returns text
 language sql
 immutable parallel safe
return case stage when 'appointment'::text then 'appointment_scheduled'::text when 'offer'::text then 'offer_made'::text when 'new'::text then 'created'::text else stage end;

create or replace function public.event_rank(event_type text)
 returns integer
 language sql
 immutable parallel safe
return case event_type when 'created'::text then 1 when 'assigned'::text then 2 when 'scored'::text then 3 when 'contacted'::text then 4 when 'responded'::text then 5 when 'qualified'::text then 6 when 'appointment_scheduled'::text then 7 when 'offer_made'::text then 8 when 'closed'::text then 9 when 'dead'::text then 10 else null::integer end;

create or replace function public.find_agent(agent_id uuid, agent_external_id text)
 returns uuid
 language plpgsql
 stable
as $function$
declare
  found_id uuid;
begin
  if agent_id is null and agent_external_id is null then
    return null;
  end if;
  select a.id into found_id
  from agent_profiles a
  where a.id = find_agent.agent_id
    or (find_agent.agent_id is null and a.external_id = find_agent.agent_external_id);
  if found_id is null then
    raise foreign_key_violation using message = format(
      'unknown agent violates foreign key constraint "%s"',
      case when agent_id is null then 'agent_external_id_known' else 'agent_id_known' end
    );
  end if;
  return found_id;
end
$function$;

create or replace function public.find_skill(skill_id uuid, skill text, event_source text)
 returns uuid
 language plpgsql
 stable
as $function$
declare
  source_name text := substring(event_source from '^skill:(.+)$');
  named text := coalesce(skill, source_name);
  found_skill lead_skills;
begin
  if skill_id is null and named is null then
    return null;
  end if;
  select s.* into found_skill
  from lead_skills s
  where s.id = find_skill.skill_id or (find_skill.skill_id is null and s.name = named);
  if found_skill.id is null then
    raise foreign_key_violation using message = format(
      'unknown skill violates foreign key constraint "%s"',
      case
        when skill_id is not null then 'skill_id_known'
        when skill is not null then 'skill_known'
        else 'event_source_known'
      end
    );
  end if;
  if source_name is distinct from found_skill.name or named <> found_skill.name then
    raise check_violation using message =
      'event source violates check constraint "lead_events_skill_agrees"';
  end if;
  return found_skill.id;
end
$function$;

create or replace function public.fitting(lead json)
 returns json
 language plpgsql
 immutable
as $function$
begin
  if octet_length(lead::text) > 61440 then
    raise check_violation using message = 'lead violates check constraint "leads_size"';
  end if;
  return lead;
end
$function$;

create or replace function public.lead_json(l leads)
 returns json
 language sql
 stable
as $function$
  select (
    left(lead_summary(l)::text, -1)
    || ',"qualification_reason":' || coalesce(l.qualification_reason::text, 'null')
    || ',"raw_data":' || coalesce(l.raw_data::text, 'null')
    || ',"notes":' || coalesce(to_json(l.notes)::text, 'null')
    || '}'
  )::json
$function$;

create or replace function public.lead_summary(l leads)
 returns json
 language sql
 stable
as $function$
  select row_to_json(shown)
  from (
    select
      l.id,
      api_time(l.created_at) as created_at,
      api_time(l.recorded_at) as recorded_at,
      api_time(l.updated_at) as updated_at,
      l.external_id,
      l.first_name,
      l.last_name,
      l.email,
      l.phone,
      l.email_normalised,
      l.phone_normalised,
      l.property_address,
      l.property_city,
      l.property_state,
      l.property_zip,
      l.estimated_value::text as estimated_value,
      l.mortgage_balance::text as mortgage_balance,
      l.source,
      l.utm_source,
      l.utm_medium,
      l.utm_campaign,
      l.referrer_url,
      l.is_test,
      l.duplicate_of,
      l.assigned_agent_id,
      api_time(l.assigned_at) as assigned_at,
      l.quality_score,
      l.current_stage,
      l.converted,
      api_time(l.converted_at) as converted_at,
      l.conversion_value::text as conversion_value,
      api_time(l.first_assigned_at) as first_assigned_at,
      api_time(l.first_contacted_at) as first_contacted_at,
      api_time(l.first_human_contact_at) as first_human_contact_at,
      api_time(l.first_responded_at) as first_responded_at,
      api_time(l.qualified_at) as qualified_at,
      api_time(l.appointment_at) as appointment_at,
      api_time(l.offer_at) as offer_at,
      api_time(l.closed_at) as closed_at,
      api_time(l.dead_at) as dead_at
  ) as shown
$function$;

create or replace function public.minutes_between(start_at timestamp with time zone, end_at timestamp with time zone)
 returns numeric
 language sql
 immutable parallel safe
return case when (end_at < start_at) then (0)::numeric else (extract(epoch from (end_at - start_at)) / (60)::numeric) end;

create or replace function public.oldest_waiting_minutes(threshold numeric, at timestamp with time zone)
 returns table(value numeric, leads bigint, waiting_leads bigint, since timestamp with time zone)
 language sql
 stable
as $function$
  select
    minutes_between(min(l.created_at), at),
    count(*) filter (where minutes_between(l.created_at, at) > threshold),
    count(*),
    min(l.created_at)
  from alert_leads(at) as l
  where l.waiting
$function$;

create or replace function public.percent(part bigint, whole bigint)
 returns double precision
 language sql
 immutable parallel safe
return (round((((100)::numeric * (part)::numeric) / (nullif(whole, 0))::numeric), 2))::double precision;

create or replace function public.record_events(items jsonb, at timestamp with time zone)
 returns table(index integer, inserted boolean, event json)
 language plpgsql
as $function$
#variable_conflict use_column
declare
  recorded uuid[];
begin
  with new_events as (
    insert into lead_events (
      id, lead_id, created_at, recorded_at, external_id, event_type, event_source, agent_id,
      skill_id, value, details
    )
    select
      i.id, i.lead_id, coalesce(i.created_at, at), at, i.external_id, i.event_type,
      i.event_source, find_agent(i.agent_id, i.agent_external_id),
      find_skill(i.skill_id, i.skill, i.event_source), i.value, nullif(i.details, 'null'::jsonb)
    from jsonb_to_recordset(items) as i (
      index integer, id uuid, lead_id uuid, created_at timestamptz, external_id text,
      event_type text, event_source text, agent_id uuid, agent_external_id text, skill_id uuid,
      skill text, value numeric, details jsonb
    )
    order by i.lead_id, i.index
    on conflict (lead_id, external_id) do nothing
    returning id
  )
  select array_agg(id) into recorded from new_events;

  return query
  select i.index, coalesce(i.id = any (recorded), false), event_json(e)
  from jsonb_to_recordset(items) as i (index integer, id uuid, lead_id uuid, external_id text)
  left join lead_events known
    on known.lead_id = i.lead_id and known.external_id = i.external_id
  join lead_events e on e.id = coalesce(known.id, i.id)
  order by i.index;
end
$function$;

create or replace function public.refresh_lead_metrics(scheduled timestamp with time zone)
 returns boolean
 language plpgsql
as $function$
declare
  begun timestamptz := clock_timestamp();
begin
  perform pg_advisory_xact_lock(hashtext('leadpulse refresh lead_metrics'));
  insert into metric_refreshes (scheduled_at, timezone)
  select scheduled, w.timezone from workspace w
  on conflict (scheduled_at) do nothing;
  if not found then
    return false;
  end if;
  refresh materialized view concurrently lead_metrics;
  update metric_refreshes set finished_at = clock_timestamp() where scheduled_at = scheduled;
  insert into job_runs (job, scheduled_at, started_at, finished_at)
  values ('refresh-metrics', scheduled, begun, clock_timestamp())
  on conflict (job, scheduled_at) do nothing;
  return true;
end
$function$;

create or replace function public.report_about(from_day date, to_day date, seen_as_of timestamp with time zone, at timestamp with time zone, basis text, source text, agent_id text, quality_score text, utm_campaign text)
 returns table(about json)
 language sql
 stable rows 1
as $function$
  select json_build_object(
    'from', f.first_day,
    'to', f.end_day,
    'timezone', f.timezone,
    'as_of', api_time(f.as_of),
    'excluded', json_build_object(
      'test', count(l.id) filter (where l.is_test),
      'duplicate', count(l.id) filter (where not l.is_test)
    )
  )
  from report_frame(from_day, to_day, seen_as_of, at, null) as f
  left join lateral report_leads(
    f.starts_at, f.ends_at, f.as_of, report_about.basis, report_about.source,
    report_about.agent_id, report_about.quality_score, report_about.utm_campaign, 'excluded'
  ) as l on true
  group by f.first_day, f.end_day, f.timezone, f.as_of
$function$;

create or replace function public.report_frame(from_day date, to_day date, seen_as_of timestamp with time zone, at timestamp with time zone, compare text)
 returns table(period text, first_day date, end_day date, timezone text, starts_at timestamp with time zone, ends_at timestamp with time zone, as_of timestamp with time zone)
 language plpgsql
 stable rows 1
as $function$
declare
  zone text := (select w.timezone from workspace w);
  today date := (at at time zone zone)::date;
  last_day date := coalesce(to_day, case when from_day > today then from_day else today end + 1);
  start_day date := coalesce(from_day, last_day - 30);
  moment timestamptz := coalesce(seen_as_of, at);
  days integer := last_day - start_day;
begin
  if last_day > (start_day + interval '5 years')::date then
    raise invalid_parameter_value using message =
      'window violates check constraint "report_window_length"';
  end if;
  return query values (
    'current', start_day, last_day, zone,
    day_start(start_day, zone), day_start(last_day, zone), moment
  );
  if compare = 'previous' then
    return query values (
      'previous', start_day - days, start_day, zone,
      day_start(start_day - days, zone), day_start(start_day, zone),
      ((moment at time zone zone) - make_interval(days => days)) at time zone zone
    );
  end if;
end
$function$;

create or replace function public.report_leads(starts_at timestamp with time zone, ends_at timestamp with time zone, as_of timestamp with time zone, basis text, source text, agent_id text, quality_score text, utm_campaign text, which text)
 returns table(id uuid, created_at timestamp with time zone, age interval, source text, utm_campaign text, quality_score text, agent_id uuid, assigned_at timestamp with time zone, is_test boolean, contacted_at timestamp with time zone, human_contact_at timestamp with time zone, responded_at timestamp with time zone, qualified_at timestamp with time zone, appointment_at timestamp with time zone, dead_at timestamp with time zone, reached integer, is_dead boolean, converted_at timestamp with time zone, revenue numeric)
 language sql
 stable
as $function$
  select
    l.id,
    l.created_at,
    report_leads.as_of - l.created_at,
    l.source,
    l.utm_campaign,
    l.quality_score::text,
    l.assigned_agent_id,
    l.assigned_at,
    l.is_test,
    s.contacted_at,
    case when l.first_human_contact_at <= report_leads.as_of then l.first_human_contact_at end,
    case when l.first_responded_at <= report_leads.as_of then l.first_responded_at end,
    case when l.qualified_at <= report_leads.as_of then l.qualified_at end,
    case when l.appointment_at <= report_leads.as_of then l.appointment_at end,
    case when l.dead_at <= report_leads.as_of then l.dead_at end,
    s.reached,
    s.is_dead,
    case when s.reached = 6 and not s.is_dead then l.closed_at end,
    case
      when s.reached = 6 and not s.is_dead then
        case
          when l.last_stage_event_at <= report_leads.as_of then l.conversion_value
          else (
            select e.value
            from lead_events e
            where e.lead_id = l.id and e.voided_at is null and e.event_type = 'closed'
              and e.value is not null and e.created_at <= report_leads.as_of
            order by e.created_at desc, e.id desc
            limit 1
          )
        end
    end
  from leads l
  cross join lateral (
    select
      case when l.first_contacted_at <= report_leads.as_of then l.first_contacted_at end
        as contacted_at,
      case
        when l.closed_at <= report_leads.as_of then 6
        when l.offer_at <= report_leads.as_of then 5
        when l.appointment_at <= report_leads.as_of then 4
        when l.qualified_at <= report_leads.as_of then 3
        when l.first_contacted_at <= report_leads.as_of then 2
        else 1
      end as reached,
      case
        when l.dead_at is null or l.dead_at > report_leads.as_of then false
        when l.last_stage_event_at <= report_leads.as_of then l.current_stage = 'dead'
        else (
          select e.event_type = 'dead'
          from lead_events e
          where e.lead_id = l.id and e.voided_at is null and e.created_at <= report_leads.as_of
            and e.event_type in (
              'contacted', 'qualified', 'appointment_scheduled', 'offer_made', 'closed', 'dead'
            )
          order by e.created_at desc, event_rank(e.event_type) desc, e.id desc
          limit 1
        )
      end as is_dead
  ) as s
  where l.created_at <= report_leads.as_of
    and case report_leads.basis
      when 'converted' then
        l.closed_at >= report_leads.starts_at and l.closed_at < report_leads.ends_at
        and s.reached = 6 and not s.is_dead
      else l.created_at >= report_leads.starts_at and l.created_at < report_leads.ends_at
    end
    and case report_leads.which
      when 'counted' then not l.is_test and l.duplicate_of is null
      when 'excluded' then l.is_test or l.duplicate_of is not null
      when 'counted,test' then l.duplicate_of is null
      when 'counted,duplicate' then not l.is_test
      else true
    end
    and (report_leads.source is null or l.source = report_leads.source)
    and (report_leads.utm_campaign is null or l.utm_campaign = report_leads.utm_campaign)
    and (
      report_leads.quality_score is null
      or l.quality_score = nullif(report_leads.quality_score, 'none')
      or (report_leads.quality_score = 'none' and l.quality_score is null)
    )
    and (
      report_leads.agent_id is null
      or l.assigned_agent_id = nullif(report_leads.agent_id, 'none')::uuid
      or (report_leads.agent_id = 'none' and l.assigned_agent_id is null)
    )
$function$;

create or replace function public.shown(value double precision)
 returns double precision
 language sql
 immutable parallel safe
return (round((nullif(value, 'Infinity'::double precision))::numeric, 2))::double precision;

create or replace function public.skill_json(s lead_skills)
 returns json
 language sql
 stable
as $function$
  select row_to_json(shown)
  from (
    select
      s.id,
      api_time(s.created_at) as created_at,
      s.name,
      s.description,
      s.skill_type,
      s.status,
      api_time(s.activated_at) as activated_at,
      api_time(s.deprecated_at) as deprecated_at,
      s.total_leads_processed,
      s.avg_improvement_lift::float8 as avg_improvement_lift,
      s.config,
      s.spawned_reason,
      s.spawned_by
  ) as shown
$function$;

create or replace function public.stage_rank(stage text)
 returns integer
 language sql
 immutable parallel safe
return case stage when 'new'::text then 1 when 'contacted'::text then 2 when 'qualified'::text then 3 when 'appointment'::text then 4 when 'offer'::text then 5 when 'closed'::text then 6 else null::integer end;

create or replace function public.take_leads(items jsonb, at timestamp with time zone)
 returns table(index integer, inserted boolean, lead json)
 language plpgsql
as $function$
#variable_conflict use_column
declare
  taken uuid[];
begin
  -- In id order, so that two batches that share leads wait in one direction only.
  with new_leads as (
    insert into leads (
      id, created_at, recorded_at, external_id, first_name, last_name, email, phone,
      email_normalised, phone_normalised, property_address, property_city, property_state,
      property_zip, estimated_value, mortgage_balance, source, utm_source, utm_medium,
      utm_campaign, referrer_url, is_test, duplicate_of, raw_data, notes
    )
    select
      i.id, coalesce(i.created_at, at), at, i.external_id, i.first_name, i.last_name, i.email,
      i.phone, i.email_normalised, i.phone_normalised, i.property_address, i.property_city,
      i.property_state, i.property_zip, i.estimated_value, i.mortgage_balance, i.source,
      i.utm_source, i.utm_medium, i.utm_campaign, i.referrer_url, coalesce(i.is_test, false),
      i.duplicate_of, nullif(i.raw_data, 'null'::jsonb), i.notes
    from jsonb_populate_recordset(null::leads, items) as i
    order by i.id
    on conflict do nothing
    returning id
  )
  select array_agg(id) into taken from new_leads;

  if taken is not null then
    insert into lead_events (
      id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, details
    )
    select uuidv7(), l.id, l.created_at, at, e.event_type, i.event_source, e.agent_id, e.details
    from (
      select distinct on (id) *
      from jsonb_to_recordset(items) as i (
        index integer, id uuid, event_source text, agent_id uuid, agent_external_id text,
        quality_score text, qualification_reason jsonb
      )
      order by id, index
    ) as i
    join leads l on l.id = i.id
    cross join lateral find_agent(i.agent_id, i.agent_external_id) as assignee (id)
    cross join lateral (
      values
        ('created', null::uuid, null::jsonb, true),
        ('assigned', assignee.id, null, assignee.id is not null),
        (
          'scored', null,
          jsonb_build_object(
            'quality_score', i.quality_score, 'qualification_reason', i.qualification_reason
          ),
          i.quality_score is not null
        )
    ) as e (event_type, agent_id, details, happened)
    where i.id = any (taken) and e.happened;
  end if;

  return query
  select
    i.index,
    coalesce(l.id = any (taken), false)
      and row_number() over (partition by l.id order by i.index) = 1,
    fitting(lead_json(l))
  from jsonb_to_recordset(items) as i (index integer, id uuid, source text, external_id text)
  left join leads known on known.source = i.source and known.external_id = i.external_id
  join leads l on l.id = coalesce(known.id, i.id)
  order by i.index;
end
$function$;

create or replace function public.void_event(event_id uuid, by text, reason text, at timestamp with time zone)
 returns table(outcome text, event json)
 language plpgsql
as $function$
declare
  old lead_events;
begin
  select * into old from lead_events e where e.id = event_id for no key update;
  if old.id is null or old.event_type = 'created' then
    return query select coalesce(old.event_type, 'missing'), null::json;
    return;
  end if;
  update lead_events e
  set voided_at = at, voided_by = by, void_reason = reason
  where e.id = event_id and e.voided_at is null;
  return query select 'voided', event_json(e) from lead_events e where e.id = event_id;
end
$function$;

create or replace function public.wilson_high(part bigint, whole bigint)
 returns double precision
 language sql
 immutable parallel safe
return case when (whole > 0) then (round((((100)::double precision * least((1)::double precision, (((((part)::numeric + 1.9207294103470618))::double precision + ((1.959963984540054)::double precision * sqrt(((((part)::double precision * ((whole - part))::double precision) / (whole)::double precision) + (0.9603647051735309)::double precision)))) / (((whole)::numeric + 3.8414588206941236))::double precision))))::numeric, 2))::double precision else null::double precision end;

create or replace function public.wilson_low(part bigint, whole bigint)
 returns double precision
 language sql
 immutable parallel safe
return case when (whole > 0) then (round((((100)::double precision * greatest((0)::double precision, (((((part)::numeric + 1.9207294103470618))::double precision - ((1.959963984540054)::double precision * sqrt(((((part)::double precision * ((whole - part))::double precision) / (whole)::double precision) + (0.9603647051735309)::double precision)))) / (((whole)::numeric + 3.8414588206941236))::double precision))))::numeric, 2))::double precision else null::double precision end;

-- views

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

create index idx_alert_messages_unpublished on public.alert_messages using btree (scheduled_at, id) where (published_at is null);

create index idx_job_runs_finished_at on public.job_runs using btree (job, finished_at);

create index idx_lead_events_created_at on public.lead_events using btree (created_at);

create index idx_lead_events_lead_id on public.lead_events using btree (lead_id, created_at, id);

create index idx_lead_events_type on public.lead_events using btree (event_type);

create unique index lead_events_one_created on public.lead_events using btree (lead_id) where (event_type = 'created'::text);

create index idx_assignments_experiment on public.lead_experiment_assignments using btree (experiment_id);

create index idx_assignments_lead on public.lead_experiment_assignments using btree (lead_id);

create index idx_experiments_skill_id on public.lead_experiments using btree (skill_id);

create index idx_experiments_status on public.lead_experiments using btree (status);

create index idx_lead_metrics_date on public.lead_metrics using btree (date);

create index idx_lead_metrics_source on public.lead_metrics using btree (source);

create unique index lead_metrics_key on public.lead_metrics using btree (date, source, quality_score, assigned_agent_id) nulls not distinct;

create index idx_leads_assigned_agent on public.leads using btree (assigned_agent_id);

create index idx_leads_converted_at on public.leads using btree (converted_at) where (converted_at is not null);

create index idx_leads_created_at on public.leads using btree (created_at, id);

create index idx_leads_current_stage on public.leads using btree (current_stage);

create index idx_leads_duplicate_of on public.leads using btree (duplicate_of) where (duplicate_of is not null);

create index idx_leads_not_counted on public.leads using btree (created_at) where (is_test or (duplicate_of is not null));

create index idx_leads_quality_score on public.leads using btree (quality_score);

create index idx_leads_search on public.leads using gin (search_text gin_trgm_ops);

create index idx_leads_source on public.leads using btree (source);

-- triggers

create trigger set_event_intervals after insert on lead_events referencing new table as new_events for each statement execute function calculate_event_intervals();

create trigger set_event_intervals_on_delete after delete on lead_events referencing old table as old_events for each statement execute function calculate_event_intervals();

create trigger set_event_intervals_on_update after update on lead_events referencing old table as old_events new table as new_events for each statement when (pg_trigger_depth() = 0) execute function calculate_event_intervals();
