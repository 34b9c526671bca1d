-- Who is the agent after these changes?
select agent
from change_agent(:id::uuid, :changes::jsonb, :now::timestamptz)
