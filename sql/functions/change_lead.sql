-- What is the lead after these changes? `changes` holds only what changes: a lead's own columns,
-- and agent_id, quality_score and stage, which are written as events. Outcome `missing`: no such
-- lead; `held`: it is further than the stage asked for, by the event that is named; `erased`: its
-- person was, and the field that is named would come back. Nothing was written.
create or replace function change_lead(lead_id uuid, changes jsonb, at timestamptz)
returns table (outcome text, lead json, held_by uuid, held_by_type text, field text)
language plpgsql as $$
declare
  old leads;
  new leads;
  assignee uuid;
  actor lead_skills;
  furthest text;
  back text;
  stage text := changes ->> 'stage';
  viewer uuid := changes ->> 'viewer_agent_id';
begin
  -- Both ends of a duplicate, in id order: of two that would make a circle the second sees the
  -- first.
  perform
  from leads l
  where l.id in (change_lead.lead_id, (changes ->> 'duplicate_of')::uuid)
  order by l.id
  for no key update;

  select * into old
  from leads l
  where l.id = change_lead.lead_id and known_to(l, changes ->> 'only_source', viewer);
  if old.id is null then
    return query select 'missing', null::json, null::uuid, null::text, null::text;
    return;
  end if;
  if old.erased_at is not null then
    select f.name into back
    from unnest(person_fields()) as f (name)
    where changes ->> f.name is not null
    limit 1;
    if back is not null then
      return query select 'erased', null::json, null::uuid, null::text, back;
      return;
    end if;
  end if;

  furthest := case
    when old.closed_at is not null then 'closed'
    when old.offer_at is not null then 'offer'
    when old.appointment_at is not null then 'appointment'
    when old.qualified_at is not null then 'qualified'
    when old.first_contacted_at is not null then 'contacted'
    else 'new'
  end;
  if stage_rank(stage) < stage_rank(furthest) or (stage = 'new' and old.current_stage = 'dead') then
    return query
    select 'held', null::json, e.id, e.event_type, null::text
    from lead_events e
    where e.lead_id = old.id and e.voided_at is null
      and e.event_type = event_of_stage(case furthest when 'new' then 'dead' else furthest end)
    order by e.created_at desc, e.id desc
    limit 1;
    return;
  end if;

  new := jsonb_populate_record(old, changes);
  if changes ? 'duplicate_of' then
    perform original_of(new, changes ->> 'only_source', viewer);
  end if;
  update leads l
  set
    updated_at = clock_timestamp(),
    first_name = new.first_name,
    last_name = new.last_name,
    email = new.email,
    phone = new.phone,
    email_normalised = new.email_normalised,
    phone_normalised = new.phone_normalised,
    property_address = new.property_address,
    property_city = new.property_city,
    property_state = new.property_state,
    property_zip = new.property_zip,
    estimated_value = new.estimated_value,
    mortgage_balance = new.mortgage_balance,
    utm_source = new.utm_source,
    utm_medium = new.utm_medium,
    utm_campaign = new.utm_campaign,
    referrer_url = new.referrer_url,
    is_test = new.is_test,
    duplicate_of = new.duplicate_of,
    raw_data = nullif(new.raw_data, 'null'::jsonb),
    notes = new.notes
  where l.id = old.id and new is distinct from old;

  assignee := find_agent((changes ->> 'agent_id')::uuid, changes ->> 'agent_external_id');
  select s.* into actor from lead_skills s where s.id = (changes ->> 'skill_id')::uuid;
  if actor.id is null and changes ->> 'skill_id' is not null then
    raise foreign_key_violation using message =
      'unknown skill violates foreign key constraint "skill_id_known"';
  end if;

  insert into lead_events (
    id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, skill_id, value,
    details
  )
  select
    uuidv7(), old.id, after_events(old.id, at), at, e.event_type, e.event_source, e.agent_id,
    e.skill_id, e.value, e.details
  from (
    values
      (
        changes ?| array['agent_id', 'agent_external_id']
          and assignee is distinct from old.assigned_agent_id,
        'assigned', changes ->> 'event_source', assignee, null::uuid, null::numeric,
        jsonb_build_object('by', changes -> 'by')
      ),
      (
        changes ? 'quality_score' and (
          changes ->> 'quality_score',
          nullif(changes -> 'qualification_reason', 'null'::jsonb)
        ) is distinct from (old.quality_score::text, old.qualification_reason),
        'scored', coalesce('skill:' || actor.name, changes ->> 'event_source'), null, actor.id,
        null,
        jsonb_build_object(
          'quality_score', changes -> 'quality_score',
          'qualification_reason', changes -> 'qualification_reason'
        )
      ),
      (
        stage <> 'new' and (
          stage <> old.current_stage
          or (changes ->> 'value')::numeric <> coalesce(old.conversion_value, -1)
        ),
        event_of_stage(stage), changes ->> 'event_source', null, null,
        (changes ->> 'value')::numeric, jsonb_build_object('by', changes -> 'by')
      )
  ) as e (happened, event_type, event_source, agent_id, skill_id, value, details)
  where e.happened;

  perform note_correction(
    'lead', l.id, lead_json(old, null, at)::jsonb, lead_json(l, null, at)::jsonb,
    changes ->> 'by', at
  )
  from leads l
  where l.id = old.id;

  return query
  select 'changed', fitting(lead_json(l, viewer, at)), null::uuid, null::text, null::text
  from leads l
  where l.id = old.id;
end
$$;
