-- Which messages are this run's to publish? Those nobody has published: its own, and those that a
-- run which was killed has left. A lease keeps two runs from publishing the same one; it is shorter
-- than the minute after which Lambda tries a failed run again. Of one incident none goes before
-- those of its earlier steps. `told`: the topics that have a message already.
create or replace function lease_alerts(most integer)
returns table (body json, told json)
language sql as $$
  with waiting as (
    select
      m.id,
      m.scheduled_at,
      m.incident_id,
      m.number,
      bool_or(m.leased_until >= clock_timestamp()) over incident as is_leased,
      -- What could not be published before comes last, so that it holds up nothing.
      max(m.attempts) over incident as attempts,
      min(m.scheduled_at) over incident as begins_at
    from alert_messages m
    where m.published_at is null
    window incident as (partition by m.incident_id)
  ),
  taken as (
    update alert_messages m
    set leased_until = clock_timestamp() + interval '50 seconds', attempts = m.attempts + 1
    from (
      select w.id
      from waiting w
      where w.is_leased is not true
      order by w.attempts, w.begins_at, w.incident_id, w.number
      limit most
    ) as free
    where m.id = free.id
    returning m.incident_id, m.number, m.body, m.topics
  )
  select t.body, to_json(t.topics) from taken t order by t.incident_id, t.number
$$;
