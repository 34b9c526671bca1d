-- Who is the new agent?
select agent
from add_agent(:agent::jsonb, :now::timestamptz)
