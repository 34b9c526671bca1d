-- What does the digest say as of a moment: how did the day before go, against the same weekdays of
-- the four weeks before it, who waits, which five are to be rescued, which incidents are open?
-- Version 1; core/alerts/digest.ts has its schema.
create or replace function digest_json(at timestamptz) returns json
language sql stable as $$
  with here as (
    select w.timezone, w.currency, (at at time zone w.timezone)::date as today
    from workspace w
  ),
  -- Only those on which there was leadpulse, or a history of it.
  weekdays as (
    select array_agg(b.weeks order by b.weeks) as weeks, count(*) as days
    from here h
    cross join generate_series(1, 4) as b (weeks)
    where h.today - 1 - 7 * b.weeks >= (
      select (min(l.created_at) at time zone h.timezone)::date
      from leads l
      where not l.is_test and l.duplicate_of is null
    )
  ),
  -- History that is brought in is nobody's to rescue: it rings nobody either.
  waiting as materialized (
    select w.*
    from waiting_leads(at, null, null, null, null, null) as w
    -- Nor is anybody left to call of whom nothing is known any more.
    where not w.is_history
      and not exists (select from leads e where e.id = w.id and e.erased_at is not null)
  ),
  open as materialized (
    select
      i as incident,
      row_number() over (
        order by
          i.acknowledged_at is not null,
          array_position(array['critical', 'warning', 'info'], i.severity), i.opened_at, i.id
      ) as place
    from incidents i
    where i.opened_at <= at and (i.resolved_at is null or i.resolved_at > at)
  )
  select json_build_object(
    'version', 1,
    'id', 'digest:' || h.today,
    'transition', 'digest',
    'day', h.today - 1,
    'scheduled_at', api_time(at),
    'timezone', h.timezone,
    'currency', h.currency,
    'figures', (select to_json(f) from day_figures(h.today - 1, at, array[0]) as f),
    -- Null: too little to compare.
    'usual', (
      select json_build_object(
        'days', d.days,
        'leads', round(f.leads::numeric / d.days, 1),
        'contact_rate', f.contact_rate,
        'median_all_minutes', f.median_all_minutes,
        'p90_all_minutes', f.p90_all_minutes,
        'attainment', f.attainment
      )
      from weekdays d
      cross join lateral day_figures(h.today - 1, at, d.weeks) as f
      where d.days >= 2 and f.leads >= 5
    ),
    'waiting', (
      select json_build_object(
        'leads', count(*),
        'overdue_leads', count(*) filter (where w.sla_state = 'breached'),
        'longest_minutes', round(extract(epoch from max(w.age)) / 60, 2)
      )
      from waiting w
    ),
    'waiting_by_agent', (
      select coalesce(
        json_agg(a order by a.overdue_leads desc, a.leads desc, a.agent_id nulls first), '[]'
      )
      from (
        select
          w.agent_id,
          count(*) as leads,
          count(*) filter (where w.sla_state = 'breached') as overdue_leads,
          round(extract(epoch from max(w.age)) / 60, 2) as longest_minutes
        from waiting w
        group by w.agent_id
        order by overdue_leads desc, leads desc, w.agent_id nulls first
        limit 10
      ) as a
    ),
    'rescue', (
      select coalesce(
        json_agg(
          json_build_object(
            'lead_id', w.id,
            'source', w.source,
            'quality_score', w.quality_score,
            'agent_id', w.agent_id,
            'estimated_value', w.estimated_value,
            'waited_minutes', round(extract(epoch from w.age) / 60, 2),
            'sla_state', w.sla_state,
            'sla_due_at', api_time(w.sla_due_at)
          )
          order by w.place
        ),
        '[]'
      )
      from (select * from waiting order by place limit 5) as w
    ),
    'open_incidents', (select count(*) from open),
    'acknowledged_incidents', (
      select count(*) from open o where (o.incident).acknowledged_at <= at
    ),
    'incidents', (
      select coalesce(json_agg(incident_json(o.incident) order by o.place), '[]')
      from open o
      where o.place <= 10
    )
  )
  from here h
$$;
