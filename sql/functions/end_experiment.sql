-- What is the experiment, now that it is over with this result? Its numbers, the decision and why
-- stand in the seed's columns, and once more in its last look. No row: it is over already, or never
-- began.
create or replace function end_experiment(experiment_id uuid, result jsonb, at timestamptz)
returns table (experiment json)
language plpgsql as $$
declare
  ended lead_experiments;
begin
  update lead_experiments x
  set
    updated_at = at,
    status = 'completed',
    ended_at = at,
    assigned_during = x.assigned_during * tstzmultirange(tstzrange(null, at)),
    control_sample_size = (result ->> 'control_n')::integer,
    treatment_sample_size = (result ->> 'treatment_n')::integer,
    control_metric_value = (result ->> 'control_value')::numeric,
    treatment_metric_value = (result ->> 'treatment_value')::numeric,
    lift_percentage = (result ->> 'lift')::numeric,
    p_value = (result ->> 'p_value')::numeric,
    confidence_level = 1 - x.alpha,
    decision = result ->> 'decision',
    decision_code = result ->> 'decision_code',
    decision_reason = result ->> 'decision_reason'
  where x.id = end_experiment.experiment_id and x.status in ('running', 'paused')
  returning x.* into ended;

  if ended.id is null then
    return;
  end if;
  perform add_look(ended.id, result, at);
  if ended.skill_id is not null then
    perform count_skill_lift(ended.skill_id);
  end if;
  if ended.auto_apply and ended.decision <> 'INCONCLUSIVE' then
    perform decide_experiment(ended.id, ended.decision, 'auto_apply', null, at);
  end if;
  return query select experiment_json(x) from lead_experiments x where x.id = ended.id;
end
$$;
