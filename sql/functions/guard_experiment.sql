-- May this experiment be changed so? What it is about stays from its start on: another question
-- needs another experiment.
create or replace function guard_experiment() returns trigger
language plpgsql as $$
begin
  if old.status <> 'draft' and (
    new.primary_metric, new.secondary_metrics, new.guardrails, new.segment_filter,
    new.traffic_split, new.salt_version, new.target_sample_size, new.min_duration_days,
    new.max_duration_days, new.outcome_window_hours, new.alpha, new.power, new.looks,
    new.min_effect, new.baseline_rate, new.skill_id, new.started_at
  ) is distinct from (
    old.primary_metric, old.secondary_metrics, old.guardrails, old.segment_filter,
    old.traffic_split, old.salt_version, old.target_sample_size, old.min_duration_days,
    old.max_duration_days, old.outcome_window_hours, old.alpha, old.power, old.looks,
    old.min_effect, old.baseline_rate, old.skill_id, coalesce(old.started_at, new.started_at)
  ) then
    raise check_violation using message =
      'a started experiment violates check constraint "lead_experiments_started"';
  end if;
  return new;
end
$$;

create or replace trigger guard_experiment
  before update on lead_experiments
  for each row
  execute function guard_experiment();
