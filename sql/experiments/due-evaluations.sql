-- Which experiments are to be evaluated on this day, and what is known of each? `coverage`: of the
-- leads that came while it took some in, and that it is for, how many are in it and how many not.
select
  experiment_json(x) as experiment,
  f.facts,
  (
    select
      json_build_object(
        'assigned', count(*) filter (where a.id is not null),
        'missed', count(*) filter (where a.id is null)
      )
    from leads l
    left join lead_experiment_assignments a on a.experiment_id = x.id and a.lead_id = l.id
    where l.created_at >= lower(x.assigned_during) - interval '24 hours'
      and l.created_at <= :scheduled_at::timestamptz
      and l.recorded_at <@ x.assigned_during
      and not l.is_test
      and l.duplicate_of is null
      and l.recorded_at <= l.created_at + interval '24 hours'
      and fits_segment(l, x.segment_filter)
  ) as coverage,
  w.timezone
from lead_experiments x
cross join workspace w
join experiment_facts(
  :scheduled_at::timestamptz,
  array(select o.id from lead_experiments o where o.status in ('running', 'paused')),
  null,
  null
) as f on f.experiment_id = x.id
where x.status in ('running', 'paused')
  and (
    x.evaluated_at is null
    or (x.evaluated_at at time zone w.timezone)::date
      < (:scheduled_at::timestamptz at time zone w.timezone)::date
  )
order by x.id
