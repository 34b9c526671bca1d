-- What is the experiment, now that somebody confirms what was recommended, or decides otherwise?
-- A skill that is kept is active, one that is killed is deprecated. No row: there is no such
-- experiment.
create or replace function decide_experiment(
  experiment_id uuid, wanted text, caller text, because text, at timestamptz
)
returns table (experiment json)
language plpgsql as $$
declare
  old lead_experiments;
  recommended text;
begin
  select x.* into old
  from lead_experiments x
  where x.id = decide_experiment.experiment_id
  for no key update;

  if old.status <> 'completed' then
    raise integrity_constraint_violation using message =
      'the experiment violates constraint "experiment_over"';
  end if;
  select k.decision into recommended
  from lead_experiment_looks k
  where k.experiment_id = old.id
  order by k.look_no desc
  limit 1;
  if wanted is distinct from recommended and because is null then
    raise check_violation using message =
      'the decision violates check constraint "experiment_decided_because"';
  end if;

  update lead_experiments x
  set
    updated_at = at,
    decision = wanted,
    decided_by = caller,
    decided_at = at,
    decided_because = coalesce(
      because, case when wanted = x.decision then x.decided_because end
    )
  where x.id = old.id
    and (
      x.decided_at is null
      or x.decision is distinct from wanted
      or (because is not null and x.decided_because is distinct from because)
    );

  if found then
    perform note_correction(
      'experiment', x.id, experiment_json(old)::jsonb, experiment_json(x)::jsonb, caller, at
    )
    from lead_experiments x
    where x.id = old.id;

    -- What somebody deprecated meanwhile nothing takes up again by itself.
    if old.skill_id is not null and wanted <> 'INCONCLUSIVE' and not (
      caller = 'auto_apply' and wanted = 'KEEP' and exists (
        select from lead_skills s where s.id = old.skill_id and s.status = 'deprecated'
      )
    ) then
      perform change_skill(
        old.skill_id,
        jsonb_build_object(
          'status', case wanted when 'KEEP' then 'active' else 'deprecated' end, 'by', caller
        ),
        at
      );
    end if;
  end if;

  return query select experiment_json(x) from lead_experiments x where x.id = old.id;
end
$$;
