-- Is the database there, which migrations has it, and do the jobs run?
with last_check as (
  select r.outcome
  from job_runs r
  where r.job = 'check-sla' and r.finished_at is not null
  order by r.finished_at desc
  limit 1
)
select
  count(*) as migrations,
  max(name) as latest_migration,
  max(applied_at) as migrated_at,
  (select max(m.finished_at) from metric_refreshes m) as last_refresh_at,
  (select max(r.finished_at) from job_runs r where r.job = 'check-sla') as last_sla_check_at,
  -- As the last check counted them: asking SNS here would be a call for every request.
  (select c.outcome -> 'subscribers' from last_check c) as alert_subscribers,
  (select c.outcome -> 'chat_subscribers' from last_check c) as chat_subscribers
from schema_migrations
where kind = 'migration'
