-- Who is the agent after these changes, and, with `reassign_to`, whose are the open leads now? No
-- row: there is no such agent.
create or replace function change_agent(agent_id uuid, changes jsonb, at timestamptz)
returns table (agent json)
language plpgsql as $$
declare
  old agent_profiles;
  successor uuid := (changes ->> 'reassign_to')::uuid;
  handed uuid[];
begin
  -- Both, in id order: of two who leave their leads to each other the second finds no successor.
  perform
  from agent_profiles a
  where a.id in (change_agent.agent_id, successor)
  order by a.id
  for no key update;

  select a.* into old from agent_profiles a where a.id = change_agent.agent_id;
  if successor is not null
    and not exists (select from agent_profiles a where a.id = successor and a.active)
  then
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
    active = g.active,
    identity_subject = g.identity_subject
  from jsonb_populate_record(old, changes) as g
  where a.id = old.id and g is distinct from old;

  perform note_correction(
    'agent', a.id, agent_json(old)::jsonb, agent_json(a)::jsonb, changes ->> 'by', at
  )
  from agent_profiles a
  where a.id = old.id;

  -- Held before they are read: one that another call gives away meanwhile is not handed over.
  with held as (
    select l.id
    from leads l
    where successor is not null
      and l.assigned_agent_id = old.id
      and l.current_stage not in ('closed', 'dead')
    order by l.id
    for no key update
  )
  select array_agg(h.id) into handed from held h;

  perform note_correction(
    'lead', l.id,
    jsonb_build_object(
      'assigned_agent_id', l.assigned_agent_id, 'assigned_at', api_time(l.assigned_at)
    ),
    jsonb_build_object('assigned_agent_id', successor), changes ->> 'by', at
  )
  from leads l
  where l.id = any (handed);

  insert into lead_events (
    id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, details
  )
  select
    uuidv7(), h.id, after_events(h.id, at), at, 'assigned', changes ->> 'event_source', successor,
    jsonb_build_object('by', changes -> 'by')
  from unnest(handed) as h (id);

  return query select agent_json(a) from agent_profiles a where a.id = old.id;
end
$$;
