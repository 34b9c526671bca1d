-- Who is this agent?
select agent_json(a) as agent
from agent_profiles a
where a.id = :id::uuid
