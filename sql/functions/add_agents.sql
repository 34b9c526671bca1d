-- Which of these agents are new, and which agent is each? An item is an agent's columns with its id
-- already chosen, so that a request that is sent again makes no second agent, and `index`. An agent
-- that is known, by id or by external id, is left as it is; two agents are never one person.
create or replace function add_agents(items jsonb, at timestamptz)
returns table (index integer, inserted boolean, id uuid)
language plpgsql as $$
#variable_conflict use_column
declare
  added uuid[];
begin
  with new_agents as (
    insert into agent_profiles (
      id, created_at, external_id, first_name, last_name, email, phone, team, active,
      identity_subject
    )
    select
      a.id, at, a.external_id, a.first_name, a.last_name, a.email,
      a.phone, a.team, coalesce(a.active, true), a.identity_subject
    from jsonb_array_elements(items) with ordinality as i (item, place)
    cross join lateral jsonb_populate_record(null::agent_profiles, i.item) as a
    order by i.place
    on conflict do nothing
    returning id
  )
  select array_agg(n.id) into added from new_agents n;

  -- Neither new nor known: left out for a person who is another agent.
  if exists (
    select
    from jsonb_to_recordset(items) as i (id uuid, external_id text)
    where not exists (
      select from agent_profiles a where a.id = i.id or a.external_id = i.external_id
    )
  ) then
    raise unique_violation using message =
      'a known person violates unique constraint "agent_profiles_identity_subject_key"';
  end if;

  return query
  select
    i.index,
    a.id in (select unnest(added)) and row_number() over (partition by a.id order by i.index) = 1,
    a.id
  from jsonb_to_recordset(items) as i (index integer, id uuid, external_id text)
  cross join lateral (
    select coalesce(
      (select k.id from agent_profiles k where k.external_id = i.external_id), i.id
    )
  ) as a (id)
  order by i.index;
end
$$;
