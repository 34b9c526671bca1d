-- Which skill has this name now?
select skill
from add_skill(:skill::jsonb, :now::timestamptz)
