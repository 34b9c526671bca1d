-- How long has the oldest lead waited that nobody has reached? No window: a lead that nobody
-- touches stays until someone does. `leads` are those that have waited longer than the threshold.
create or replace function oldest_waiting_minutes(threshold numeric, at timestamptz)
returns table (value numeric, leads bigint, waiting_leads bigint, since timestamptz)
language sql stable as $$
  select
    minutes_between(min(l.created_at), at),
    count(*) filter (where minutes_between(l.created_at, at) > threshold),
    count(*),
    min(l.created_at)
  from alert_leads(at) as l
  where l.waiting
$$;
