-- Which number has this look of an experiment? What it saw stays.
create or replace function add_look(experiment_id uuid, result jsonb, at timestamptz)
returns integer
language sql as $$
  insert into lead_experiment_looks (
    experiment_id, look_no, taken_at, planned, information, control_n, treatment_n, control_value,
    treatment_value, difference, difference_low, difference_high, p_value, p_allowed, health,
    decision, decision_code, decision_reason, engine_version, input, input_sha256
  )
  select
    add_look.experiment_id,
    1 + (
      select count(*) from lead_experiment_looks k where k.experiment_id = add_look.experiment_id
    ),
    at, r.planned, r.information, r.control_n, r.treatment_n, r.control_value, r.treatment_value,
    r.difference, r.difference_low, r.difference_high, r.p_value, r.p_allowed, r.health,
    r.decision, r.decision_code, r.decision_reason, r.engine_version, r.input, r.input_sha256
  from jsonb_populate_record(null::lead_experiment_looks, result) as r
  returning look_no
$$;
