-- What is compared in this experiment: what it is about, what may not get worse, what else is of
-- interest? Each with how long a lead is watched for it.
create or replace function experiment_metrics(x lead_experiments)
returns table (place bigint, role text, metric text, window_hours integer, margin numeric)
language sql stable as $$
  select row_number() over (), m.role, m.metric, m.window_hours, m.margin
  from (
    select
      'primary' as role,
      x.primary_metric as metric,
      coalesce(x.outcome_window_hours, experiment_window_hours(x.primary_metric)) as window_hours,
      null::numeric as margin
    union all
    select 'guardrail', g.metric, experiment_window_hours(g.metric), coalesce(g.margin, 0.05)
    from jsonb_to_recordset(
      case when jsonb_typeof(x.guardrails) = 'array' then x.guardrails else '[]' end
    ) as g (metric text, margin numeric)
    union all
    select 'secondary', s.metric, experiment_window_hours(s.metric), null
    from jsonb_array_elements_text(
      case when jsonb_typeof(x.secondary_metrics) = 'array' then x.secondary_metrics else '[]' end
    ) as s (metric)
  ) as m
  -- What somebody wrote down by hand may be anything.
  where m.metric in (
    'response_rate', 'conversion_rate', 'time_to_contact', 'appointment_rate', 'qualified_rate',
    'reply_rate', 'dead_rate'
  )
$$;
