-- In which experiments is this lead, and in which arm of each?
create or replace function lead_experiments_json(lead_id uuid) returns json
language sql stable as $$
  select coalesce(
    json_agg(
      json_build_object(
        'experiment_id', a.experiment_id,
        -- One made by hand may have any name, and the largest lead leaves little room.
        'experiment', left(x.name, 60),
        'skill', s.name,
        'group_name', a.group_name,
        'assigned_at', api_time(a.assigned_at)
      )
      order by a.assigned_at, x.name collate "C", x.id
    ),
    '[]'
  )
  from lead_experiment_assignments a
  join lead_experiments x on x.id = a.experiment_id
  left join lead_skills s on s.id = x.skill_id
  where a.lead_id = lead_experiments_json.lead_id
$$;
