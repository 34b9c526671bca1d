-- Which rules are broken as of a scheduled time, and which messages are this run's to publish? A
-- verdict is written once per rule and time. Then come the messages nobody has published: this
-- run's own, and those that a run which was killed has left. A lease keeps two runs from publishing
-- the same one; it is shorter than the minute after which Lambda tries a failed run again. `told`:
-- the topics that have a message already, by its id.
create or replace function check_sla(scheduled timestamptz, most integer)
returns table (rules bigint, broken bigint, unpublished bigint, messages json, told json)
language plpgsql as $$
#variable_conflict use_column
declare
  checked bigint;
  failed bigint;
  leased json;
  reached json;
begin
  -- Firings of one scheduled time take turns here, up to the end of the call.
  insert into job_runs (job, scheduled_at)
  values ('check-sla', scheduled)
  on conflict (job, scheduled_at) do update set attempts = job_runs.attempts + 1;

  with readings as (
    select
      r.*, m.value, m.leads, m.waiting_leads, m.since,
      coalesce(m.value > r.threshold and m.leads >= r.minimum_leads, false) as broken,
      r.name || ':' || to_char(scheduled at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as id
    from alert_rules r
    cross join lateral alert_reading(r, scheduled) as m
    where r.enabled
  ),
  owed as (
    insert into alert_messages (id, rule, scheduled_at, metric, severity, body)
    select
      r.id, r.name, scheduled, r.metric, r.severity,
      json_build_object(
        'version', 1,
        'id', r.id,
        'rule', r.name,
        'metric', r.metric,
        'severity', r.severity,
        'scheduled_at', api_time(scheduled),
        -- Rounded up: what is above the threshold reads so.
        'value', round(ceil(r.value * 100) / 100, 2),
        'threshold', trim_scale(r.threshold),
        'window_hours', r.window_hours,
        'since', api_time(r.since),
        'leads', r.leads,
        'waiting_leads', r.waiting_leads,
        'timezone', w.timezone
      )
    from readings r
    cross join workspace w
    where r.broken
    order by r.id
    on conflict do nothing
  )
  select count(*), count(*) filter (where r.broken) into checked, failed from readings r;

  with free as (
    select m.id
    from alert_messages m
    where m.published_at is null
      and (m.leased_until is null or m.leased_until < clock_timestamp())
    -- What could not be published before comes last, so that it holds up nothing.
    order by m.attempts, m.scheduled_at, m.id
    limit most
    for update skip locked
  ),
  taken as (
    update alert_messages m
    set leased_until = clock_timestamp() + interval '50 seconds', attempts = m.attempts + 1
    from free
    where m.id = free.id
    returning m.scheduled_at, m.id, m.body, m.topics
  )
  select json_agg(t.body order by t.scheduled_at, t.id), json_object_agg(t.id, t.topics)
  into leased, reached
  from taken t;

  return query
  select checked, failed, count(*), coalesce(leased, '[]'::json), coalesce(reached, '{}'::json)
  from alert_messages m
  where m.published_at is null;
end
$$;
