-- Remember what went, and that the run for this time has ended.
update job_runs
set finished_at = clock_timestamp(), outcome = :outcome::jsonb
where job = 'apply-retention' and scheduled_at = :scheduled_at::timestamptz and finished_at is null
