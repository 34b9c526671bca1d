-- What is the experiment, now that it takes leads in, or takes in no more?
select experiment
from run_experiment(:id::uuid, :status::text, :caller::text, :now::timestamptz)
