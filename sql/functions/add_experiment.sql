-- What is this new experiment, a draft, and did its request come before? An item is its columns,
-- with its id already chosen, and what its request is called. `baseline`: what was before it.
create or replace function add_experiment(item jsonb, at timestamptz)
returns table (experiment json, baseline json, replayed boolean)
language plpgsql as $$
declare
  is_known boolean := claim_request(item, at);
begin
  insert into lead_experiments (
    id, created_at, updated_at, status, name, description, hypothesis, skill_id,
    follows_experiment_id, primary_metric, outcome_window_hours, secondary_metrics, guardrails,
    segment_filter, traffic_split, target_sample_size, min_duration_days, max_duration_days, looks,
    alpha, power, min_effect, baseline_rate, auto_apply
  )
  select
    i.id, at, at, 'draft', i.name, i.description, i.hypothesis, i.skill_id,
    i.follows_experiment_id, i.primary_metric,
    coalesce(i.outcome_window_hours, experiment_window_hours(i.primary_metric)),
    i.secondary_metrics,
    i.guardrails, nullif(i.segment_filter, 'null'::jsonb), i.traffic_split, i.target_sample_size,
    i.min_duration_days, i.max_duration_days, i.looks, i.alpha, i.power, i.min_effect,
    i.baseline_rate, i.auto_apply
  from jsonb_populate_record(null::lead_experiments, item) as i
  where not is_known;
  return query
    select experiment_json(x), experiment_baseline(x, at), is_known
    from lead_experiments x
    where x.id = (item ->> 'id')::uuid;
end
$$;
