-- How long do leads of the last hours wait for an answer, on average? Those that still wait count
-- with their wait so far: nobody called is not silence. Those that died before any contact count
-- neither way.
create or replace function avg_response_hours(window_hours integer, at timestamptz)
returns table (value numeric, leads bigint, waiting_leads bigint, since timestamptz)
language sql stable as $$
  select
    avg(l.minutes) / 60,
    count(*),
    count(*) filter (where l.waiting),
    at - make_interval(hours => window_hours)
  from alert_leads(at) as l
  where l.created_at > at - make_interval(hours => window_hours) and l.minutes is not null
$$;
