-- When does what is said of a lead now happen? After what is there: an event of the next five
-- minutes would outlast it. At most those five minutes away, as any event.
create or replace function after_events(lead_id uuid, at timestamptz) returns timestamptz
language sql stable as $$
  select
    least(greatest(at, max(e.created_at) + interval '1 microsecond'), at + interval '5 minutes')
  from lead_events e
  where e.lead_id = after_events.lead_id and e.voided_at is null
$$;
