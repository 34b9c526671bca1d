-- What is the lead after these changes?
select outcome, lead, held_by, held_by_type, field
from change_lead(:id::uuid, :changes::jsonb, :now::timestamptz)
