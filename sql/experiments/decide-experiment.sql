-- What is the experiment, now that somebody decided?
select experiment
from decide_experiment(
  :id::uuid, :decision::text, :caller::text, :because::text, :now::timestamptz
)
