-- Who is the new agent?
select inserted, agent
from add_agent(:agent::jsonb, :now::timestamptz)
