-- By when a lead has to be answered: the team's policies, and what each lead's clock was set to.

-- Of those that fit a lead the first by priority sets its clock.
create table sla_policies (
  id uuid primary key default uuidv7(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  name text not null,
  active boolean not null default true,
  priority integer not null,
  -- Null: any.
  source text,
  quality_score char(1),
  -- Agents are never deleted, and were looked up.
  agent_id uuid,
  target_minutes integer not null,
  -- Only a contact by a person stops the clock; a stage beyond contacted always does.
  human_only boolean not null default false,
  -- Null: around the clock. Else by the wall clock of the workspace's zone, for the days that have
  -- any: {"mon": [["09:00", "12:30"], ["13:30", "18:00"]]}.
  working_hours jsonb,
  -- Days without any, whatever day of the week: ["2026-12-25"].
  days_off jsonb not null default '[]',

  constraint sla_policies_name_key unique (name),
  constraint sla_policies_quality_score check (quality_score in ('A', 'B', 'C', 'D')),
  constraint sla_policies_source_normalised check (source = btrim(lower(source collate "C"))),
  constraint sla_policies_priority check (priority between 1 and 1000000),
  constraint sla_policies_target_minutes check (target_minutes between 1 and 43200)
);

insert into sla_policies (name, priority, quality_score, target_minutes)
values ('a-leads', 100, 'A', 5), ('all-leads', 1000, null, 120);

-- The clock as it runs. Null: the lead was recorded long after it came in, no policy fitted it, or
-- it came before there were any.
alter table leads
  add column sla_policy_id uuid,
  add column sla_due_at timestamptz,
  add column sla_human_only boolean,
  add constraint leads_sla_policy_id_fkey
    foreign key (sla_policy_id) references sla_policies (id);

create index idx_leads_sla_due_at on leads (sla_due_at) where sla_due_at is not null;
create index idx_leads_sla_policy on leads (sla_policy_id) where sla_policy_id is not null;

-- Each setting of a lead's clock, also one that found no policy, with the score and agent it went
-- by: the first of either, when it comes later, sets the clock again.
create table sla_clocks (
  id uuid primary key default uuidv7(),
  lead_id uuid not null,
  set_at timestamptz not null default clock_timestamp(),
  begins_at timestamptz not null,
  quality_score char(1),
  agent_id uuid,
  policy_id uuid,
  due_at timestamptz,

  constraint sla_clocks_lead_id_fkey foreign key (lead_id) references leads (id) on delete cascade,
  constraint sla_clocks_policy_id_fkey foreign key (policy_id) references sla_policies (id)
);

create index idx_sla_clocks_lead on sla_clocks (lead_id, id);
create index idx_sla_clocks_policy on sla_clocks (policy_id) where policy_id is not null;

-- Who changed a policy, and what stood there before.
alter table corrections
  drop constraint corrections_kind,
  add constraint corrections_kind
    check (kind in ('lead', 'event', 'agent', 'skill', 'spend', 'sla_policy'));
