-- How is this source read from now on?
select inserted, item
from set_hook_mapping(:item::jsonb, :now::timestamptz)
