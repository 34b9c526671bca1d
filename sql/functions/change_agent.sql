-- Who is the agent after these changes, and, with `reassign_to`, whose are the open leads now? No
-- row: there is no such agent.
create or replace function change_agent(agent_id uuid, changes jsonb, at timestamptz)
returns table (agent json)
language plpgsql as $$
declare
  successor uuid;
begin
  select a.id into successor
  from agent_profiles a
  where a.id = (changes ->> 'reassign_to')::uuid and a.active;
  if successor is null and changes ->> 'reassign_to' is not null then
    raise foreign_key_violation using message =
      'unknown agent violates foreign key constraint "reassign_to_known"';
  end if;

  update agent_profiles a
  set
    updated_at = clock_timestamp(),
    external_id = g.external_id,
    first_name = g.first_name,
    last_name = g.last_name,
    email = g.email,
    phone = g.phone,
    team = g.team,
    active = g.active
  from agent_profiles old
  cross join lateral jsonb_populate_record(old, changes) as g
  where old.id = change_agent.agent_id and a.id = old.id;

  insert into lead_events (
    id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, details
  )
  select
    uuidv7(), l.id, after_events(l.id, at), at, 'assigned', changes ->> 'event_source', successor,
    jsonb_build_object('by', changes -> 'by')
  from leads l
  where successor is not null
    and l.assigned_agent_id = change_agent.agent_id
    and l.current_stage not in ('closed', 'dead')
  order by l.id;

  return query select agent_json(a) from agent_profiles a where a.id = change_agent.agent_id;
end
$$;
