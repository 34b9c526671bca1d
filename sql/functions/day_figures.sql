-- How did a day go: the leads that came in on it, and those whose time was up on it? Or the same
-- weekdays so many weeks before, as if they were one day, each as it stood at the same age: as of
-- the same local time, that many days earlier. What counts is what the reports count.
create or replace function day_figures(day date, at timestamptz, weeks_before integer[])
returns table (
  leads bigint, contacted_leads bigint, contact_rate float8, median_all_minutes float8,
  p90_all_minutes float8, due_leads bigint, met_leads bigint, late_leads bigint,
  breached_leads bigint, attainment float8
)
language sql stable as $$
  with windows as (
    select
      day_start(day - 7 * b.weeks, w.timezone) as starts_at,
      day_start(day - 7 * b.weeks + 1, w.timezone) as ends_at,
      (at at time zone w.timezone - make_interval(weeks => b.weeks)) at time zone w.timezone
        as as_of
    from workspace w
    cross join unnest(weeks_before) as b (weeks)
  ),
  came as (
    select
      count(*) as leads,
      count(*) filter (where l.reached >= 2) as contacted,
      shown(percentile_disc(0.5) within group (
        order by coalesce(minutes_between(l.created_at, l.contacted_at)::float8, 'Infinity')
      )) as median_all,
      shown(percentile_disc(0.9) within group (
        order by coalesce(minutes_between(l.created_at, l.contacted_at)::float8, 'Infinity')
      )) as p90_all
    from windows w
    cross join lateral report_leads(
      w.starts_at, w.ends_at, w.as_of, 'created', null, null, null, null, 'counted', null
    ) as l
  ),
  due as (
    select
      count(*) filter (where l.sla_state <> 'excused') as due,
      count(*) filter (where l.sla_state = 'met') as met,
      count(*) filter (where l.sla_state = 'late') as late,
      count(*) filter (where l.sla_state = 'breached') as breached
    from windows w
    cross join lateral report_leads(
      w.starts_at, w.ends_at, w.as_of, 'due', null, null, null, null, 'counted', null
    ) as l
  )
  select
    c.leads, c.contacted, percent(c.contacted, c.leads), c.median_all, c.p90_all,
    d.due, d.met, d.late, d.breached, percent(d.met, d.due)
  from came c
  cross join due d
$$;
