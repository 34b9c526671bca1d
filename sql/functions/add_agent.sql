-- Who is the new agent? The same external id again is the first one.
create or replace function add_agent(given jsonb, at timestamptz)
returns table (inserted boolean, agent json)
language plpgsql as $$
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
$$;
