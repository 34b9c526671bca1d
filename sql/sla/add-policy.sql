-- What is this new policy?
select policy, replayed
from add_sla_policy(:item::jsonb, :now::timestamptz)
