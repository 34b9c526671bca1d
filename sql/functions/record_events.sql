-- Which of these events are new, and what does each look like now? An event whose external id its
-- lead already has is left as it is and shown. A single event is a batch of one.
create or replace function record_events(items jsonb, at timestamptz)
returns table (index integer, inserted boolean, event json)
language plpgsql as $$
#variable_conflict use_column
declare
  recorded uuid[];
begin
  -- A key of one source knows no leads of others.
  if exists (
    select
    from jsonb_to_recordset(items) as i (lead_id uuid, only_source text)
    cross join lateral (select f.source from leads f where f.id = i.lead_id limit 1) as l
    where l.source <> i.only_source
  ) then
    raise foreign_key_violation using message =
      'event violates foreign key constraint "lead_events_lead_id_fkey"';
  end if;

  with new_events as (
    insert into lead_events (
      id, lead_id, created_at, recorded_at, external_id, event_type, event_source, agent_id,
      skill_id, value, details
    )
    select
      i.id, i.lead_id, coalesce(i.created_at, at), at, i.external_id, i.event_type,
      i.event_source, find_agent(i.agent_id, i.agent_external_id),
      find_skill(i.skill_id, i.skill, i.event_source), i.value, nullif(i.details, 'null'::jsonb)
    from jsonb_to_recordset(items) as i (
      index integer, id uuid, lead_id uuid, created_at timestamptz, external_id text,
      event_type text, event_source text, agent_id uuid, agent_external_id text, skill_id uuid,
      skill text, value numeric, details jsonb
    )
    order by i.lead_id, i.index
    -- Any conflict: a retry of the SDK after a lost answer comes with the same id.
    on conflict do nothing
    returning id
  )
  select array_agg(id) into recorded from new_events;

  -- Looked up one by one, as in take_leads.
  return query
  select i.index, coalesce(i.id = any (recorded), false), event_json(e.row)
  from jsonb_to_recordset(items) as i (index integer, id uuid, lead_id uuid, external_id text)
  left join lateral (
    select k.id
    from lead_events k
    where k.lead_id = i.lead_id and k.external_id = i.external_id
    limit 1
  ) as known on true
  cross join lateral (
    select f as row from lead_events f where f.id = coalesce(known.id, i.id) limit 1
  ) as e
  order by i.index;
end
$$;
