-- Who is this agent? No row where the viewer is another.
select agent_json(a) as agent
from agent_profiles a
where a.id = :id::uuid
  and (:viewer_agent_id::uuid is null or a.id = :viewer_agent_id::uuid)
