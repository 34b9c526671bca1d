-- What is the experiment, now that it takes leads in, or takes in no more? One that ran before goes
-- on as it was. No row: there is no such experiment.
create or replace function run_experiment(
  experiment_id uuid, wanted text, caller text, at timestamptz
)
returns table (experiment json)
language plpgsql as $$
declare
  old lead_experiments;
begin
  -- One start after the other: how many there are may not change between counting and starting.
  perform pg_advisory_xact_lock(hashtext('leadpulse run_experiment'));

  select x.* into old
  from lead_experiments x
  where x.id = run_experiment.experiment_id
  for no key update;

  if old.status = 'completed' then
    raise integrity_constraint_violation using message =
      'the experiment violates constraint "experiment_not_over"';
  elsif old.status = 'draft' and wanted = 'paused' then
    raise integrity_constraint_violation using message =
      'the experiment violates constraint "experiment_begun"';
  elsif old.status = 'draft'
    and (select count(*) from lead_experiments x where x.status in ('running', 'paused')) >= 10
  then
    raise integrity_constraint_violation using message =
      'one more experiment violates constraint "experiments_at_once"';
  end if;

  update lead_experiments x
  set
    updated_at = at,
    status = wanted,
    started_at = coalesce(x.started_at, at),
    assigned_during = case wanted
      when 'running' then x.assigned_during + tstzmultirange(tstzrange(at, null))
      else x.assigned_during * tstzmultirange(tstzrange(null, at))
    end
  where x.id = old.id and x.status <> wanted;

  perform note_correction(
    'experiment', x.id, experiment_json(old)::jsonb, experiment_json(x)::jsonb, caller, at
  )
  from lead_experiments x
  where x.id = old.id;

  return query select experiment_json(x) from lead_experiments x where x.id = old.id;
end
$$;
