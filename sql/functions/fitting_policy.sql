-- Which policy does a lead fall under as it stands, and by when has it to be answered if the clock
-- begins at this moment? No row: none fits.
create or replace function fitting_policy(l leads, begins_at timestamptz)
returns table (policy_id uuid, human_only boolean, due_at timestamptz)
language sql stable rows 1 as $$
  select
    p.id,
    p.human_only,
    working_deadline(begins_at, p.target_minutes, p.working_hours, p.days_off, w.timezone)
  from sla_policies p
  cross join workspace w
  where p.active
    and (p.source is null or p.source = l.source)
    and (p.quality_score is null or p.quality_score = l.quality_score)
    and (p.agent_id is null or p.agent_id = l.assigned_agent_id)
  order by p.priority, p.id
  limit 1
$$;
