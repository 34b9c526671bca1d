-- What was an experiment's metric before it, and how many leads would have been in it? Of the
-- leads of 90 days whose time is up: those it is for, a day's number, and how many had the outcome
-- in time; of a time to contact that is null.
create or replace function experiment_baseline(x lead_experiments, at timestamptz) returns json
language sql stable as $$
  select json_build_object(
    'leads', count(*),
    -- Of a team that is younger than that, by the days since its first lead.
    'leads_per_day', count(*) / greatest(
      1,
      least(
        90,
        extract(epoch from at - min(w.watched) - (select min(f.created_at) from leads f)) / 86400
      )
    )::float8,
    'rate', (
      count(*) filter (where b.happened_at <= b.created_at + w.watched)::float8
        / nullif(count(*) filter (where x.primary_metric <> 'time_to_contact'), 0)
    )
  )
  from (
    select make_interval(hours => coalesce(
      x.outcome_window_hours, experiment_window_hours(x.primary_metric)
    )) as watched
  ) as w
  cross join lateral (
    select
      l.created_at,
      case x.primary_metric
        when 'response_rate' then l.first_contacted_at
        when 'conversion_rate' then l.converted_at
        when 'appointment_rate' then l.appointment_at
        when 'qualified_rate' then l.qualified_at
        when 'reply_rate' then l.first_responded_at
        when 'dead_rate' then l.dead_at
      end as happened_at
    from leads l
    where l.created_at > at - w.watched - interval '90 days'
      and l.created_at <= at - w.watched
      and not l.is_test
      and l.duplicate_of is null
      and l.recorded_at <= l.created_at + interval '24 hours'
      and fits_segment(l, x.segment_filter)
  ) as b
$$;
