-- What is the rule after these changes?
select rule
from change_alert_rule(:id::uuid, :changes::jsonb, :now::timestamptz)
