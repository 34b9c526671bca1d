-- What did each look at this experiment see, in order? No row: there is no such experiment.
select
  case
    when k.look_no is not null then json_build_object(
      'look_no', k.look_no,
      'taken_at', api_time(k.taken_at),
      'planned', k.planned,
      'information', k.information::float8,
      'control_n', k.control_n,
      'treatment_n', k.treatment_n,
      'control_value', k.control_value::float8,
      'treatment_value', k.treatment_value::float8,
      'difference', k.difference::float8,
      'difference_low', k.difference_low::float8,
      'difference_high', k.difference_high::float8,
      'p_value', k.p_value::float8,
      'p_allowed', k.p_allowed::float8,
      'health', k.health,
      'decision', k.decision,
      'decision_code', k.decision_code,
      'decision_reason', k.decision_reason,
      'engine_version', k.engine_version,
      'input_sha256', k.input_sha256
    )
  end as look
from lead_experiments x
left join lead_experiment_looks k on k.experiment_id = x.id
where x.id = :id::uuid
order by k.look_no
