-- What is the experiment after these changes?
select experiment, baseline
from change_experiment(:id::uuid, :changes::jsonb, :now::timestamptz)
