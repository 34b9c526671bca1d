-- What is the policy after these changes? Clocks that run go on as they were set. No row: there is
-- no such policy.
create or replace function change_sla_policy(policy_id uuid, changes jsonb, at timestamptz)
returns table (policy json)
language plpgsql as $$
declare
  old sla_policies;
begin
  select p.* into old
  from sla_policies p
  where p.id = change_sla_policy.policy_id
  for no key update;

  update sla_policies p
  set
    updated_at = at,
    name = g.name,
    active = g.active,
    priority = g.priority,
    source = g.source,
    quality_score = g.quality_score,
    agent_id = find_agent(g.agent_id, null),
    target_minutes = g.target_minutes,
    human_only = g.human_only,
    working_hours = nullif(g.working_hours, 'null'::jsonb),
    days_off = g.days_off
  from jsonb_populate_record(old, changes) as g
  where p.id = old.id and g is distinct from old;

  perform note_correction(
    'sla_policy', p.id, sla_policy_json(old)::jsonb, sla_policy_json(p)::jsonb, changes ->> 'by', at
  )
  from sla_policies p
  where p.id = old.id;

  return query select sla_policy_json(p) from sla_policies p where p.id = old.id;
end
$$;
