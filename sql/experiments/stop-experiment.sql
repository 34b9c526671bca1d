-- What is the experiment, now that somebody ended it before its plan did?
select experiment
from stop_experiment(:id::uuid, :caller::text, :now::timestamptz)
