-- Experiments that decide: how each is planned, who is in which arm, and what each look saw.

-- Nothing of it may be personal data: whoever sees reports sees it.
alter table lead_experiments
  add column updated_at timestamptz not null default now(),
  -- How often a difference may be told that is none, over all looks together; two-sided.
  add column alpha numeric not null default 0.05,
  add column power numeric not null default 0.8,
  -- At which shares of target_sample_size it may be decided.
  add column looks numeric[] not null default '{0.5,0.75,1}',
  -- How long after its assignment a lead is watched, and a time to contact is this at most; null:
  -- as long as is usual for the metric.
  add column outcome_window_hours integer,
  -- The smallest effect that is worth its money, in the metric's unit: a share, or minutes.
  add column min_effect numeric,
  -- What the metric was before, as a share: for the plan alone.
  add column baseline_rate numeric,
  add column max_duration_days integer not null default 90,
  -- [{"metric": "dead_rate", "margin": 0.05}]: what may not get worse by more than the margin.
  add column guardrails jsonb not null default '[]',
  -- Another one makes other arms of the same people.
  add column salt_version integer not null default 1,
  -- Null: none follows from another.
  add column follows_experiment_id uuid,
  -- What is decided holds without a person's word.
  add column auto_apply boolean not null default false,
  -- When leads were taken into it.
  add column assigned_during tstzmultirange not null default '{}',
  -- As of the last evaluation: what is wrong, and what of it was told.
  add column evaluated_at timestamptz,
  add column warnings text[] not null default '{}',
  -- Why it ended, in a word.
  add column decision_code text,
  -- Who confirmed it, or decided otherwise; null: nobody yet.
  add column decided_by text,
  add column decided_at timestamptz,
  add column decided_because text;

update lead_experiments
set
  assigned_during = case
    when status in ('running', 'paused', 'completed') then tstzmultirange(tstzrange(
      coalesce(started_at, created_at),
      case when status = 'completed' then greatest(ended_at, started_at, created_at) end
    ))
    else '{}'
  end,
  min_duration_days = least(min_duration_days, 730),
  max_duration_days = greatest(max_duration_days, least(min_duration_days, 730)),
  started_at = case when status <> 'draft' then coalesce(started_at, created_at) end,
  secondary_metrics = case
    when jsonb_typeof(secondary_metrics) = 'array' then (
      select coalesce(jsonb_agg(m.name), '[]')
      from jsonb_array_elements(secondary_metrics) as m (name)
      where m.name <> to_jsonb(primary_metric)
    )
  end;

alter table lead_experiments
  add constraint lead_experiments_follows_fkey
    foreign key (follows_experiment_id) references lead_experiments (id),
  add constraint lead_experiments_alpha check (alpha between 0.001 and 0.2),
  add constraint lead_experiments_power check (power between 0.5 and 0.99),
  add constraint lead_experiments_looks check (
    cardinality(looks) between 1 and 10
    and array_position(looks, null) is null
    and 0 < all (looks)
    and looks[cardinality(looks)] = 1
  ),
  add constraint lead_experiments_min_effect check (
    min_effect > 0 and (primary_metric = 'time_to_contact' or min_effect < 1)
  ),
  add constraint lead_experiments_baseline_rate check (baseline_rate between 0 and 1),
  add constraint lead_experiments_outcome_window check (
    outcome_window_hours between 1 and 24 * 365
    and outcome_window_hours < 24 * max_duration_days
  ),
  add constraint lead_experiments_secondary_metrics check (
    not (coalesce(secondary_metrics, '[]') ? primary_metric)
  ),
  add constraint lead_experiments_guardrails check (
    not jsonb_path_exists(
      guardrails, '$[*] ? (@.metric == $primary)', jsonb_build_object('primary', primary_metric)
    )
  ),
  add constraint lead_experiments_max_duration check (
    max_duration_days between greatest(min_duration_days, 1) and 730
  ),
  add constraint lead_experiments_follows_another check (follows_experiment_id <> id);

-- Who is one person: its first lead in this experiment. Null, where somebody assigned by hand:
-- the lead itself.
alter table lead_experiment_assignments
  add column unit_id uuid,
  -- Two who were taken for two people, and are in both arms, until a lead named both.
  add column in_both_arms boolean not null default false;
create index idx_assignments_unit on lead_experiment_assignments (experiment_id, unit_id);

-- What an evaluation saw when it was looked at as planned, or ended the experiment. Never changed.
create table lead_experiment_looks (
  experiment_id uuid not null,
  look_no integer not null,
  taken_at timestamptz not null,
  -- How many looks of the plan are behind it with this one; null: it was none of them.
  planned integer,
  -- The share of what was planned for, as the levels go by it.
  information numeric,
  control_n integer not null,
  treatment_n integer not null,
  control_value numeric,
  treatment_value numeric,
  difference numeric,
  difference_low numeric,
  difference_high numeric,
  p_value numeric,
  -- Up to which p a difference may be told at this look.
  p_allowed numeric,
  health jsonb not null,
  decision text,
  decision_code text not null,
  decision_reason text not null,
  -- What it was computed by, and from.
  engine_version integer not null,
  input jsonb not null,
  input_sha256 text not null,

  constraint lead_experiment_looks_pkey primary key (experiment_id, look_no),
  constraint lead_experiment_looks_experiment_id_fkey
    foreign key (experiment_id) references lead_experiments (id),
  constraint lead_experiment_looks_decision check (decision in ('KEEP', 'KILL', 'INCONCLUSIVE'))
);

alter table corrections
  drop constraint corrections_kind,
  add constraint corrections_kind check (
    kind in (
      'lead', 'event', 'agent', 'skill', 'spend', 'sla_policy', 'alert_rule', 'experiment'
    )
  );

-- Whom a skill did something for.
create index idx_lead_events_skill on lead_events (skill_id, lead_id)
  where skill_id is not null and voided_at is null;
