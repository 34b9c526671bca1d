-- What is this experiment, and what was before it?
select experiment_json(x) as experiment, experiment_baseline(x, :now::timestamptz) as baseline
from lead_experiments x
where x.id = :id::uuid
