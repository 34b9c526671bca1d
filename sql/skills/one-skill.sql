-- What is this skill?
select skill_json(s) as skill
from lead_skills s
where s.id = :id::uuid
