-- Is the database there, which migrations has it, and do the jobs run?
select
  count(*) as migrations,
  max(name) as latest_migration,
  max(applied_at) as migrated_at,
  (select max(m.finished_at) from metric_refreshes m) as last_refresh_at,
  (select max(r.finished_at) from job_runs r where r.job = 'check-sla') as last_sla_check_at,
  -- As the last check counted them: asking SNS here would be a call for every request.
  (
    select r.outcome -> 'subscribers'
    from job_runs r
    where r.job = 'check-sla' and r.finished_at is not null
    order by r.finished_at desc
    limit 1
  ) as alert_subscribers
from schema_migrations
where kind = 'migration'
