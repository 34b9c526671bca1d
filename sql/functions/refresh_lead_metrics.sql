-- Is lead_metrics refreshed for this scheduled time? False where it was already. Refreshes take
-- turns: whoever comes second finds the first one's record. Readers of the view are not held up.
create or replace function refresh_lead_metrics(scheduled timestamptz) returns boolean
language plpgsql as $$
declare
  begun timestamptz := clock_timestamp();
begin
  perform pg_advisory_xact_lock(hashtext('leadpulse refresh lead_metrics'));
  insert into metric_refreshes (scheduled_at, timezone)
  select scheduled, w.timezone from workspace w
  on conflict (scheduled_at) do nothing;
  if not found then
    return false;
  end if;
  refresh materialized view concurrently lead_metrics;
  update metric_refreshes set finished_at = clock_timestamp() where scheduled_at = scheduled;
  insert into job_runs (job, scheduled_at, started_at, finished_at)
  values ('refresh-metrics', scheduled, begun, clock_timestamp())
  on conflict (job, scheduled_at) do nothing;
  return true;
end
$$;
