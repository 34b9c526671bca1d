-- How did an experiment stand at a moment? As it stands today where it does not say when it began,
-- or when it took leads in.
create or replace function experiment_status(x lead_experiments, at timestamptz) returns text
language sql stable as $$
  select case
    when x.status = 'completed' and coalesce(x.ended_at <= at, true) then 'completed'
    when x.status = 'draft' or x.started_at > at then 'draft'
    when at <@ x.assigned_during then 'running'
    when isempty(x.assigned_during) and x.status <> 'paused' then 'running'
    else 'paused'
  end
$$;
