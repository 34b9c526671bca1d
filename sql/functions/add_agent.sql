-- Who is the new agent? The same external id again is the first one. The id is the caller's choice,
-- so that a request that is sent again makes no second agent.
create or replace function add_agent(given jsonb, at timestamptz) returns table (agent json)
language plpgsql as $$
begin
  insert into agent_profiles (
    id, created_at, external_id, first_name, last_name, email, phone, team, active
  )
  select
    g.id, at, g.external_id, g.first_name, g.last_name, g.email, g.phone, g.team,
    coalesce(g.active, true)
  from jsonb_populate_record(null::agent_profiles, given) as g
  on conflict do nothing;

  return query
  select agent_json(a)
  from agent_profiles a
  where a.id = (given ->> 'id')::uuid or a.external_id = given ->> 'external_id';
end
$$;
