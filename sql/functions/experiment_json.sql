-- How does the API show an experiment? What was recommended is its last look's decision, whatever a
-- person decided since.
create or replace function experiment_json(x lead_experiments) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      x.id,
      api_time(x.created_at) as created_at,
      api_time(x.updated_at) as updated_at,
      x.name,
      x.description,
      x.hypothesis,
      x.skill_id,
      x.follows_experiment_id,
      x.status,
      api_time(x.started_at) as started_at,
      api_time(x.ended_at) as ended_at,
      x.primary_metric,
      coalesce(x.outcome_window_hours, experiment_window_hours(x.primary_metric))
        as outcome_window_hours,
      coalesce(x.secondary_metrics, '[]') as secondary_metrics,
      x.guardrails,
      x.segment_filter,
      x.traffic_split::float8 as traffic_split,
      x.salt_version,
      x.target_sample_size,
      x.min_duration_days,
      x.max_duration_days,
      x.looks,
      x.alpha::float8 as alpha,
      x.power::float8 as power,
      x.min_effect::float8 as min_effect,
      x.baseline_rate::float8 as baseline_rate,
      x.auto_apply,
      api_time(x.evaluated_at) as evaluated_at,
      x.warnings,
      x.control_sample_size,
      x.treatment_sample_size,
      x.control_metric_value::float8 as control_metric_value,
      x.treatment_metric_value::float8 as treatment_metric_value,
      x.lift_percentage::float8 as lift_percentage,
      x.p_value::float8 as p_value,
      x.confidence_level::float8 as confidence_level,
      x.decision,
      x.decision_code,
      x.decision_reason,
      (
        select k.decision
        from lead_experiment_looks k
        where k.experiment_id = x.id
        order by k.look_no desc
        limit 1
      ) as recommended,
      x.decided_by,
      api_time(x.decided_at) as decided_at,
      x.decided_because
  ) as shown
$$;
