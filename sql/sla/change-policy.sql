-- What is the policy after these changes?
select policy
from change_sla_policy(:id::uuid, :changes::jsonb, :now::timestamptz)
