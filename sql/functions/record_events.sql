-- Which of these events are new, and which event is each? An item is an event's columns with its id
-- already chosen, `index`, and the lead, agent and skill by whatever name. An event that is known,
-- by id or by its lead's external id for it, is left as it is. An id that is another event's is an
-- error.
create or replace function record_events(items jsonb, at timestamptz)
returns table (index integer, inserted boolean, id uuid)
language plpgsql as $$
#variable_conflict use_column
declare
  recorded uuid[];
begin
  with new_events as (
    insert into lead_events (
      id, lead_id, created_at, recorded_at, external_id, event_type, event_source, agent_id,
      skill_id, value, details
    )
    select
      i.id, l.id, coalesce(i.created_at, at), at, i.external_id, i.event_type,
      i.event_source, find_agent(i.agent_id, i.agent_external_id),
      find_skill(i.skill_id, i.skill, i.event_source), i.value, nullif(i.details, 'null'::jsonb)
    from jsonb_to_recordset(items) as i (
      index integer, id uuid, lead_id uuid, lead_external_id text, lead_source text,
      only_source text, viewer_agent_id uuid, created_at timestamptz, external_id text,
      event_type text, event_source text, agent_id uuid, agent_external_id text, skill_id uuid,
      skill text, value numeric, details jsonb
    )
    cross join lateral find_lead(
      i.lead_id, i.lead_external_id, i.lead_source, i.only_source, i.viewer_agent_id
    ) as l (id)
    order by l.id, i.index
    -- Any conflict: a retry of the SDK after a lost answer comes with the same id.
    on conflict do nothing
    returning id
  )
  select array_agg(n.id) into recorded from new_events n;

  -- As in take_leads: what is neither new nor there would be lost.
  if cardinality(recorded) is distinct from jsonb_array_length(items) and exists (
    select
    from jsonb_to_recordset(items) as i (
      id uuid, lead_id uuid, lead_external_id text, lead_source text, only_source text,
      viewer_agent_id uuid, external_id text
    )
    cross join lateral (select f.* from lead_events f where f.id = i.id limit 1) as k
    cross join lateral (
      select coalesce(
        i.lead_id,
        find_lead(
          i.lead_id, i.lead_external_id, i.lead_source, i.only_source, i.viewer_agent_id
        )
      )
    ) as l (id)
    where (
        k.lead_id <> l.id
        or k.external_id not in (i.external_id, erased_id(i.external_id))
      )
      and known_event(l.id, i.external_id) is null
  ) then
    raise unique_violation using message =
      'known event violates unique constraint "event_id_is_another"';
  end if;

  -- Looked up one by one, as in take_leads.
  return query
  select
    i.index,
    e.id in (select unnest(recorded))
      and row_number() over (partition by e.id order by i.index) = 1,
    e.id
  from jsonb_to_recordset(items) as i (
    index integer, id uuid, lead_id uuid, lead_external_id text, lead_source text,
    only_source text, viewer_agent_id uuid, external_id text
  )
  cross join lateral (
    select case
      when i.external_id is null or i.id in (select unnest(recorded)) then i.id
      else coalesce(
        known_event(
          find_lead(
            i.lead_id, i.lead_external_id, i.lead_source, i.only_source, i.viewer_agent_id
          ),
          i.external_id
        ),
        i.id
      )
    end
  ) as e (id)
  order by i.index;
end
$$;
