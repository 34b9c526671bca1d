-- What stands there of this new key?
select key, first_id, replayed
from add_key(:item::jsonb, :now::timestamptz)
