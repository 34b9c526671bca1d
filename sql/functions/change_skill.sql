-- What is the skill after these changes? One that is deprecated may be taken up again. No row:
-- there is no such skill.
create or replace function change_skill(skill_id uuid, changes jsonb, at timestamptz)
returns table (skill json)
language plpgsql as $$
declare
  old lead_skills;
begin
  select s.* into old
  from lead_skills s
  where s.id = change_skill.skill_id
  for no key update;

  update lead_skills s
  set
    description = g.description,
    config = nullif(g.config, 'null'::jsonb),
    status = g.status,
    activated_at = case
      when g.status = 'active' and old.status <> 'active' then at
      else old.activated_at
    end,
    deprecated_at = case
      when g.status <> 'deprecated' then null
      when old.status <> 'deprecated' then at
      else old.deprecated_at
    end
  from jsonb_populate_record(old, changes) as g
  where s.id = old.id and g is distinct from old;

  perform note_correction(
    'skill', s.id, skill_json(old)::jsonb, skill_json(s)::jsonb, changes ->> 'by', at
  )
  from lead_skills s
  where s.id = old.id;

  return query select skill_json(s) from lead_skills s where s.id = old.id;
end
$$;
