-- What BI tools see: the leads that every report counts, and what happened to them, without the
-- people. Plain expressions only: a view that called one of our functions would go with it when all
-- functions are made again.
create schema bi;

create view bi.leads as
select
  l.id,
  l.created_at,
  l.recorded_at,
  l.source,
  l.utm_source,
  l.utm_medium,
  nullif(l.utm_campaign, '') as utm_campaign,
  l.assigned_agent_id,
  l.assigned_at,
  l.quality_score,
  l.current_stage,
  l.converted,
  l.converted_at,
  l.conversion_value,
  l.first_assigned_at,
  l.first_contacted_at,
  l.first_human_contact_at,
  l.first_responded_at,
  l.qualified_at,
  l.appointment_at,
  l.offer_at,
  l.closed_at,
  l.dead_at
from leads l
where not l.is_test and l.duplicate_of is null;

-- Without what was taken back.
create view bi.lead_events as
select
  e.id,
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

create view bi.agents as
select a.id, a.first_name, a.last_name, a.team, a.active
from agent_profiles a;

create view bi.skills as
select s.id, s.name, s.skill_type, s.status
from lead_skills s;

create view bi.source_spend as
select s.day, s.source, s.amount
from source_spend s;

create view bi.lead_metrics as
select m.*
from lead_metrics m;

create view bi.workspace as
select w.timezone, w.currency
from workspace w;

-- Only for a login that was asked to see people.
create view bi.people as
select
  l.id as lead_id,
  l.first_name,
  l.last_name,
  l.email,
  l.phone,
  l.property_address,
  l.property_city,
  l.property_state,
  l.property_zip,
  l.estimated_value,
  l.mortgage_balance
from leads l
where not l.is_test and l.duplicate_of is null and l.erased_at is null;
