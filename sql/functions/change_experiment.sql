-- What is the experiment after these changes? Of one that was started only what it is called and
-- said to be about, which no look depends on. No row: there is no such experiment.
create or replace function change_experiment(experiment_id uuid, changes jsonb, at timestamptz)
returns table (experiment json, baseline json)
language plpgsql as $$
declare
  old lead_experiments;
begin
  select x.* into old
  from lead_experiments x
  where x.id = change_experiment.experiment_id
  for no key update;

  update lead_experiments x
  set
    updated_at = at,
    name = g.name,
    description = g.description,
    hypothesis = g.hypothesis,
    skill_id = g.skill_id,
    follows_experiment_id = g.follows_experiment_id,
    primary_metric = g.primary_metric,
    outcome_window_hours = case
      when old.status <> 'draft' then g.outcome_window_hours
      else coalesce(g.outcome_window_hours, experiment_window_hours(g.primary_metric))
    end,
    secondary_metrics = g.secondary_metrics,
    guardrails = g.guardrails,
    segment_filter = nullif(g.segment_filter, 'null'::jsonb),
    traffic_split = g.traffic_split,
    target_sample_size = g.target_sample_size,
    min_duration_days = g.min_duration_days,
    max_duration_days = g.max_duration_days,
    looks = g.looks,
    alpha = g.alpha,
    power = g.power,
    min_effect = g.min_effect,
    baseline_rate = g.baseline_rate,
    auto_apply = g.auto_apply
  from jsonb_populate_record(old, changes) as g
  where x.id = old.id and g is distinct from old;

  perform note_correction(
    'experiment', x.id, experiment_json(old)::jsonb, experiment_json(x)::jsonb, changes ->> 'by',
    at
  )
  from lead_experiments x
  where x.id = old.id;

  return query
    select experiment_json(x), experiment_baseline(x, at)
    from lead_experiments x
    where x.id = old.id;
end
$$;
