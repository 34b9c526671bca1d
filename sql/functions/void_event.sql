-- What is the event after it was taken back? The row stays; the lead is derived anew by the
-- trigger. Outcome `missing`, `created` (intake wrote it and nothing takes it back), or `voided`;
-- an event that was taken back before stays as it was then. `by` is the person, `corrected_by`
-- the key. Of a lead that is not `known_to` the caller there is no event.
create or replace function void_event(
  event_id uuid, by text, reason text, only_source text, viewer uuid, corrected_by text,
  at timestamptz
)
returns table (outcome text, event json)
language plpgsql as $$
declare
  old lead_events;
  lead leads;
begin
  -- The lead first, as every writer does: event first would deadlock with them.
  select l.* into lead
  from leads l
  where l.id = (select e.lead_id from lead_events e where e.id = event_id)
    and known_to(l, only_source, viewer)
  for no key update;
  if found then
    select e.* into old from lead_events e where e.id = event_id;
  end if;
  if old.id is null or old.event_type = 'created' then
    return query select coalesce(old.event_type, 'missing'), null::json;
    return;
  end if;
  update lead_events e
  set voided_at = at, voided_by = by, void_reason = reason
  where e.id = event_id and e.voided_at is null;
  -- The event, and what the lead was while it counted.
  perform
    note_correction(
      'event', e.id, event_json(old)::jsonb, event_json(e)::jsonb, void_event.corrected_by, at
    ),
    note_correction(
      'lead', l.id, lead_json(lead, null, at)::jsonb, lead_json(l, null, at)::jsonb,
      void_event.corrected_by, at
    )
  from lead_events e
  join leads l on l.id = e.lead_id
  where e.id = event_id;
  return query select 'voided', event_json(e) from lead_events e where e.id = event_id;
end
$$;
