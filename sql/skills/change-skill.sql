-- What is the skill after these changes?
select skill
from change_skill(:id::uuid, :changes::jsonb, :now::timestamptz)
