-- Is the average response of the last 24 hours above 2 hours? The seed's check: a row, where the
-- seed raises a notice that nobody sees. Its default is for a person at psql; jobs pass the time.
create or replace function check_response_time_sla(at timestamptz default statement_timestamp())
returns table (
  avg_response_hours numeric,
  total_leads bigint,
  waiting_leads bigint,
  breached boolean
)
language sql stable as $$
  select
    round(r.value, 2),
    r.leads,
    r.waiting_leads,
    coalesce(r.value > 2 and r.leads >= 5, false)
  from avg_response_hours(24, at) as r
$$;
