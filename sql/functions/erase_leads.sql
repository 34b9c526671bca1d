-- Of how many of these leads was the person erased just now? What tells of the person is emptied in
-- place, in the lead, its events and its corrections; what reports count stays. One that was erased
-- before stays as it is.
create or replace function erase_leads(
  lead_ids uuid[], caller text, reference text, at timestamptz
)
returns integer
language plpgsql as $$
declare
  told uuid[];
  fields text[] := person_fields()
    || array['external_id', 'details', 'voided_by', 'void_reason'];
begin
  perform from leads l where l.id = any (lead_ids) order by l.id for no key update;

  select array_agg(l.id) into told
  from leads l
  where l.id = any (lead_ids) and l.erased_at is null;
  if told is null then
    return 0;
  end if;

  update leads l
  set
    updated_at = clock_timestamp(),
    erased_at = at,
    external_id = erased_id(l.external_id),
    first_name = null,
    last_name = null,
    email = null,
    phone = null,
    email_normalised = null,
    phone_normalised = null,
    property_address = null,
    property_city = null,
    property_state = null,
    property_zip = null,
    estimated_value = null,
    mortgage_balance = null,
    referrer_url = null,
    raw_data = null,
    notes = null
  where l.id = any (told);

  -- The trigger derives the lead's reason from them again: there is none.
  perform empty_events(told);

  update corrections c
  set before = g.before
  from corrections o
  cross join lateral (
    select
      jsonb_object_agg(
        b.key, case when b.key = any (fields) then 'null'::jsonb else b.value end
      ) as before
    from jsonb_each(o.before) as b
  ) as g
  where o.subject_id = any (
      array(
        select unnest(told)
        union all
        select e.id from lead_events e where e.lead_id = any (told)
      )
    )
    and o.before ?| fields
    and c.id = o.id;

  insert into audit_log (id, created_at, caller, action, reference, lead_id)
  select uuidv7(), at, erase_leads.caller, 'erase', erase_leads.reference, t.id
  from unnest(told) as t (id)
  order by t.id;

  return cardinality(told);
end
$$;
