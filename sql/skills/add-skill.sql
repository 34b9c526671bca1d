-- Which skill is new?
insert into lead_skills as s (
  id, created_at, name, description, skill_type, status, activated_at, config, spawned_reason,
  spawned_by
)
select
  uuidv7(), :now::timestamptz, g.name, g.description, g.skill_type, coalesce(g.status, 'testing'),
  case when g.status = 'active' then :now::timestamptz end, nullif(g.config, 'null'::jsonb),
  g.spawned_reason, g.spawned_by
from jsonb_populate_record(null::lead_skills, :skill::jsonb) as g
returning skill_json(s) as skill
