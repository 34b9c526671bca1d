-- What is this new policy, and did its request come before? An item is a policy's columns, with its
-- id already chosen, and what its request is called.
create or replace function add_sla_policy(item jsonb, at timestamptz)
returns table (policy json, replayed boolean)
language plpgsql as $$
declare
  is_known boolean := claim_request(item, at);
begin
  insert into sla_policies (
    id, created_at, updated_at, name, active, priority, source, quality_score, agent_id,
    target_minutes, human_only, working_hours, days_off
  )
  select
    i.id, at, at, i.name, i.active, i.priority, i.source, i.quality_score,
    find_agent(i.agent_id, null), i.target_minutes, i.human_only,
    nullif(i.working_hours, 'null'::jsonb), i.days_off
  from jsonb_populate_record(null::sla_policies, item) as i
  where not is_known;
  return query
    select sla_policy_json(p), is_known
    from sla_policies p
    where p.id = (item ->> 'id')::uuid;
end
$$;
