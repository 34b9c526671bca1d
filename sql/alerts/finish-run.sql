-- Which messages went out, to which topics? The others are free for the next run. A run that still
-- owes one did not finish.
with told as (
  update alert_messages m
  set
    topics = array(select distinct unnest(m.topics || t.topics) order by 1),
    published_at = case when t.published then clock_timestamp() end,
    leased_until = null
  from jsonb_to_recordset(:messages::jsonb) as t (id text, topics text[], published boolean)
  where m.id = t.id and m.published_at is null
)
update job_runs
set finished_at = case when :done::boolean then clock_timestamp() end, outcome = :outcome::jsonb
where job = :job::text and scheduled_at = :scheduled_at::timestamptz
