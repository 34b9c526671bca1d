-- Which event of a lead has this external id, also after its person was erased?
create or replace function known_event(lead_id uuid, external_id text) returns uuid
language sql stable as $$
  select coalesce(
    (
      select k.id
      from lead_events k
      where k.lead_id = known_event.lead_id and k.external_id = known_event.external_id
    ),
    (
      select k.id
      from lead_events k
      where k.lead_id = known_event.lead_id
        and k.external_id = erased_id(known_event.external_id)
    )
  )
$$;
