-- Who is in each experiment, as of when, and who of them counts? One row for each person: the
-- first lead that is no test and no duplicate stands for all. An experiment that is over is seen as
-- it ended. `reason`: why a person does not count. Written so that the planner can inline it.
create or replace function experiment_units(seen_as_of timestamptz)
returns table (
  experiment_id uuid,
  as_of timestamptz,
  unit_id uuid,
  lead_id uuid,
  treated boolean,
  assigned_at timestamptz,
  leads bigint,
  reason text,
  agent_id uuid,
  contacted_at timestamptz,
  responded_at timestamptz,
  qualified_at timestamptz,
  appointment_at timestamptz,
  dead_at timestamptz,
  converted_at timestamptz
)
language sql stable as $$
  with assigned as (
    select
      a.id,
      a.experiment_id,
      least(x.ended_at, seen_as_of) as as_of,
      coalesce(a.unit_id, a.lead_id) as unit_id,
      a.lead_id,
      a.group_name = 'treatment' as treated,
      a.assigned_at,
      a.in_both_arms,
      o.id is not null as is_left_out,
      o.is_test
    from lead_experiment_assignments a
    join lead_experiments x on x.id = a.experiment_id
    -- Few leads are: they have an index of their own.
    left join leads o
      on o.id = a.lead_id and (o.is_test or o.duplicate_of is not null)
    where a.assigned_at <= least(x.ended_at, seen_as_of)
  ),
  first_leads as (
    select distinct on (a.experiment_id, a.unit_id)
      a.*,
      count(*) over unit as leads,
      bool_or(a.in_both_arms) over unit
        or (bool_or(a.treated) over unit and not bool_and(a.treated) over unit) as was_in_both
    from assigned a
    window unit as (partition by a.experiment_id, a.unit_id)
    order by a.experiment_id, a.unit_id, a.is_left_out, a.assigned_at, a.id
  )
  select
    f.experiment_id,
    f.as_of,
    f.unit_id,
    f.lead_id,
    f.treated,
    f.assigned_at,
    f.leads,
    case
      when f.was_in_both then 'both_arms'
      when f.is_test then 'test'
      when f.is_left_out then 'duplicate'
      -- A clock may be behind, and a sender may cut the seconds.
      when l.contacted_at < f.assigned_at - interval '1 minute' then 'contacted_before'
    end,
    l.agent_id,
    l.contacted_at,
    l.responded_at,
    l.qualified_at,
    l.appointment_at,
    l.dead_at,
    l.converted_at
  from first_leads f
  join lateral report_leads(
    '-infinity', 'infinity', f.as_of, 'created', null, null, null, null, 'all', null
  ) as l on l.id = f.lead_id
$$;
