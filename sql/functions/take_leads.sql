-- Which of these leads are new, and which lead is each? An item is a lead's columns with its id
-- already chosen, `index`, and the agent, score and event source that intake's events carry. A lead
-- that is known, by id or by (source, external_id), is left as it is. An agent, `viewer_agent_id`,
-- takes in own leads: one that is there and not the agent's is refused, and so is an id that is
-- another lead's.
create or replace function take_leads(items jsonb, at timestamptz)
returns table (index integer, inserted boolean, id uuid)
language plpgsql as $$
#variable_conflict use_column
declare
  taken uuid[];
  only_source text := items #>> '{0,only_source}';
  viewer uuid := items #>> '{0,viewer_agent_id}';
begin
  -- In id order, so that two batches that share leads wait in one direction only.
  with new_leads as (
    insert into leads (
      id, created_at, recorded_at, external_id, first_name, last_name, email, phone,
      email_normalised, phone_normalised, property_address, property_city, property_state,
      property_zip, estimated_value, mortgage_balance, source, utm_source, utm_medium,
      utm_campaign, referrer_url, is_test, duplicate_of, raw_data, notes
    )
    select
      i.id, coalesce(i.created_at, at), at, i.external_id, i.first_name, i.last_name, i.email,
      i.phone, i.email_normalised, i.phone_normalised, i.property_address, i.property_city,
      i.property_state, i.property_zip, i.estimated_value, i.mortgage_balance, i.source,
      i.utm_source, i.utm_medium, i.utm_campaign, i.referrer_url, coalesce(i.is_test, false),
      case
        -- A lead that is known stays as it is, whatever became of its original since.
        when i.duplicate_of is null
          or exists (select from leads k where k.id = i.id)
          or known_lead(i.source, i.external_id) is not null
        then i.duplicate_of
        else original_of(i, only_source, viewer)
      end, nullif(i.raw_data, 'null'::jsonb), i.notes
    from jsonb_populate_recordset(null::leads, items) as i
    order by i.id
    on conflict do nothing
    returning id
  )
  select array_agg(n.id) into taken from new_leads n;

  if taken is not null then
    insert into lead_events (
      id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, details
    )
    select uuidv7(), l.id, l.created_at, at, e.event_type, i.event_source, e.agent_id, e.details
    from (
      select distinct on (i.id) i.*
      from jsonb_to_recordset(items) as i (
        index integer, id uuid, event_source text, agent_id uuid, agent_external_id text,
        quality_score text, qualification_reason jsonb
      )
      order by i.id, i.index
    ) as i
    cross join lateral (select f.id, f.created_at from leads f where f.id = i.id limit 1) as l
    cross join lateral intake_agent(i.agent_id, i.agent_external_id, viewer) as assignee (id)
    cross join lateral (
      values
        ('created', null::uuid, null::jsonb, true),
        ('assigned', assignee.id, null, assignee.id is not null),
        (
          'scored', null,
          jsonb_build_object(
            'quality_score', i.quality_score, 'qualification_reason', i.qualification_reason
          ),
          i.quality_score is not null
        )
    ) as e (event_type, agent_id, details, happened)
    where i.id in (select unnest(taken)) and e.happened;

    -- Of what waited in the queue nobody was told the arm: none could act on it.
    if items #>> '{0,queued}' is null then
      perform assign_experiments(taken, at);
    end if;

    -- What stands beside the given columns is less than 6 KB: only a large item can be too large.
    perform fitting(lead_json(l, null, at))
    from jsonb_array_elements(items) as i (item)
    join leads l on l.id = (i.item ->> 'id')::uuid
    where octet_length(i.item::text) > 46000;
  end if;

  if viewer is not null then
    perform
    from jsonb_to_recordset(items) as i (id uuid, source text, external_id text)
    cross join lateral (values (i.id), (known_lead(i.source, i.external_id))) as n (id)
    cross join lateral (select f as lead from leads f where f.id = n.id limit 1) as k
    where not known_to(k.lead, null, viewer);
    if found then
      raise check_violation using message = 'lead violates check constraint "leads_own"';
    end if;
  end if;

  -- Neither new nor there, an item would be lost. Where one of the names is null, as after an
  -- erasure, the id is the whole identity. A batch of which everything is new has no such item.
  if cardinality(taken) is distinct from jsonb_array_length(items) and exists (
    select
    from jsonb_to_recordset(items) as i (id uuid, source text, external_id text)
    cross join lateral (select f.* from leads f where f.id = i.id limit 1) as k
    where (
        k.source <> i.source
        or k.external_id not in (i.external_id, erased_id(i.external_id))
      )
      and known_lead(i.source, i.external_id) is null
  ) then
    raise unique_violation using message =
      'known lead violates unique constraint "lead_id_is_another"';
  end if;

  -- Looked up one by one: a set from jsonb is planned as a hundred rows, and a join of a hundred
  -- reads the whole table: 7 ms a call at 8,000 leads, against 2.
  return query
  select
    i.index,
    l.id in (select unnest(taken)) and row_number() over (partition by l.id order by i.index) = 1,
    l.id
  from jsonb_to_recordset(items) as i (index integer, id uuid, source text, external_id text)
  cross join lateral (select coalesce(known_lead(i.source, i.external_id), i.id)) as l (id)
  order by i.index;
end
$$;
