-- Which skill has this name now: the new one, or, under an id that is not the caller's, one that
-- was there before?
create or replace function add_skill(given jsonb, at timestamptz) returns table (skill json)
language plpgsql as $$
begin
  insert into lead_skills (
    id, created_at, name, description, skill_type, status, activated_at, config, spawned_reason,
    spawned_by
  )
  select
    g.id, at, g.name, g.description, g.skill_type, coalesce(g.status, 'testing'),
    case when g.status = 'active' then at end, nullif(g.config, 'null'::jsonb), g.spawned_reason,
    g.spawned_by
  from jsonb_populate_record(null::lead_skills, given) as g
  on conflict do nothing;

  return query select skill_json(s) from lead_skills s where s.name = given ->> 'name';
end
$$;
