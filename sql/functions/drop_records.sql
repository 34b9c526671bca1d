-- How many records are gone that are older than they may be, so many of each kind at most, and were
-- there `more`? Keys of requests are kept for the 30 days that are promised; `records_before` and
-- `audit_before` are null where those are kept for ever. The last run of each job stays: health
-- tells of it. So does a message that nobody has published.
create or replace function drop_records(
  scheduled timestamptz, records_before timestamptz, audit_before timestamptz, most integer
)
returns table (request_keys integer, records integer, audit integer, more boolean)
language sql as $$
  with keys as (
    delete from idempotency_keys k
    where (k.scope, k.key) in (
      select o.scope, o.key
      from idempotency_keys o
      where o.created_at < scheduled - interval '30 days'
      limit most
    )
    returning 1
  ),
  runs as (
    delete from job_runs r
    where (r.job, r.scheduled_at) in (
      select o.job, o.scheduled_at
      from job_runs o
      where o.scheduled_at < records_before
        and o.scheduled_at < (select max(n.scheduled_at) from job_runs n where n.job = o.job)
      limit most
    )
    returning 1
  ),
  refreshes as (
    delete from metric_refreshes r
    where r.scheduled_at in (
      select o.scheduled_at
      from metric_refreshes o
      where o.scheduled_at < records_before
        and o.scheduled_at < (select max(n.scheduled_at) from metric_refreshes n)
      limit most
    )
    returning 1
  ),
  messages as (
    delete from alert_messages m
    where m.id in (
      select o.id from alert_messages o where o.published_at < records_before limit most
    )
    returning 1
  ),
  -- With their transitions.
  ended as (
    delete from incidents i
    where i.id in (
      select o.id from incidents o where o.resolved_at < records_before limit most
    )
    returning 1
  ),
  audited as (
    delete from audit_log a
    where a.id in (select o.id from audit_log o where o.created_at < audit_before limit most)
    returning 1
  ),
  gone as (
    select
      (select count(*) from keys)::integer as keys,
      (select count(*) from runs)::integer as runs,
      (select count(*) from refreshes)::integer as refreshes,
      (select count(*) from messages)::integer as messages,
      (select count(*) from ended)::integer as ended,
      (select count(*) from audited)::integer as audited
  )
  select
    g.keys,
    g.runs + g.refreshes + g.messages + g.ended,
    g.audited,
    most <= any (array[g.keys, g.runs, g.refreshes, g.messages, g.ended, g.audited])
  from gone g
$$;
