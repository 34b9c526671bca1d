-- Which leads does a report count, in its window and, to compare, in the one before?
create or replace function counted_leads(
  from_day date, to_day date, seen_as_of timestamptz, at timestamptz, compare text, basis text,
  source text, agent_id text, quality_score text, utm_campaign text, viewer uuid
)
returns table (
  period text,
  timezone text,
  as_of timestamptz,
  id uuid,
  created_at timestamptz,
  age interval,
  source text,
  utm_campaign text,
  quality_score text,
  agent_id uuid,
  assigned_at timestamptz,
  contacted_at timestamptz,
  human_contact_at timestamptz,
  responded_at timestamptz,
  qualified_at timestamptz,
  appointment_at timestamptz,
  reached integer,
  is_dead boolean,
  converted_at timestamptz,
  revenue numeric,
  sla_policy_id uuid,
  sla_due_at timestamptz,
  sla_state text
)
language sql stable as $$
  select
    f.period, f.timezone, f.as_of, l.id, l.created_at, l.age, l.source, l.utm_campaign,
    l.quality_score, l.agent_id, l.assigned_at, l.contacted_at, l.human_contact_at,
    l.responded_at, l.qualified_at, l.appointment_at, l.reached, l.is_dead, l.converted_at,
    l.revenue, l.sla_policy_id, l.sla_due_at, l.sla_state
  from report_frame(from_day, to_day, seen_as_of, at, compare) as f
  cross join lateral report_leads(
    f.starts_at, f.ends_at, f.as_of, counted_leads.basis, counted_leads.source,
    counted_leads.agent_id, counted_leads.quality_score, counted_leads.utm_campaign,
    'counted', counted_leads.viewer
  ) as l
$$;
