-- What is the experiment, now that somebody ended it before its plan did? Its numbers are kept and
-- nothing is tested: an end that somebody chose is no look of the plan. One that is over stays as
-- it is. No row: there is no such experiment.
create or replace function stop_experiment(experiment_id uuid, caller text, at timestamptz)
returns table (experiment json)
language plpgsql as $$
declare
  old lead_experiments;
  known json;
  result jsonb;
begin
  select x.* into old
  from lead_experiments x
  where x.id = stop_experiment.experiment_id
  for no key update;

  if old.status = 'draft' then
    raise integrity_constraint_violation using message =
      'the experiment violates constraint "experiment_begun"';
  end if;

  if old.status in ('running', 'paused') then
    select f.facts into known from experiment_facts(at, array[old.id], null, null) as f;
    select
      to_jsonb(v) || jsonb_build_object(
        'lift',
        round(
          (100 * (v.treatment_value - v.control_value) / nullif(v.control_value, 0))::numeric, 2
        ),
        'difference', v.treatment_value - v.control_value,
        'health', '{}'::jsonb,
        'decision', 'INCONCLUSIVE',
        'decision_code', 'STOPPED',
        'decision_reason', format(
          'INCONCLUSIVE: somebody ended it before its plan did, when %s treated leads and %s '
            || 'others had had their time. Nothing was tested.',
          v.treatment_n, v.control_n
        ),
        'engine_version', 1,
        'input', known::jsonb - 'arms',
        'input_sha256', encode(sha256(convert_to(known::text, 'UTF8')), 'hex')
      )
    into result
    from (
      select
        (m.control ->> 'n')::integer as control_n,
        (m.treatment ->> 'n')::integer as treatment_n,
        case
          when m.metric = 'time_to_contact' then (m.control ->> 'mean')::float8
          else (m.control ->> 'x')::float8 / nullif((m.control ->> 'n')::integer, 0)
        end as control_value,
        case
          when m.metric = 'time_to_contact' then (m.treatment ->> 'mean')::float8
          else (m.treatment ->> 'x')::float8 / nullif((m.treatment ->> 'n')::integer, 0)
        end as treatment_value
      from json_to_record(known -> 'metrics' -> 0) as m (metric text, control json, treatment json)
    ) as v;

    perform end_experiment(old.id, result, at);
    perform note_correction(
      'experiment', x.id, experiment_json(old)::jsonb, experiment_json(x)::jsonb, caller, at
    )
    from lead_experiments x
    where x.id = old.id;
  end if;

  return query select experiment_json(x) from lead_experiments x where x.id = old.id;
end
$$;
