-- Has this refresh ended well, or is one still going on?
select
  exists (
    select from metric_refreshes m where m.scheduled_at = :scheduled_at::timestamptz
  ) as done,
  not pg_try_advisory_xact_lock_shared(hashtext('leadpulse refresh lead_metrics')) as running
