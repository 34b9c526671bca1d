-- What is this new experiment?
select experiment, baseline, replayed
from add_experiment(:item::jsonb, :now::timestamptz)
