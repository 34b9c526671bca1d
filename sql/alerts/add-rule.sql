-- What is this new rule?
select rule, replayed
from add_alert_rule(:item::jsonb, :now::timestamptz)
