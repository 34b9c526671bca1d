-- What stands there of this new key?
select key, replayed
from add_key(:item::jsonb, :now::timestamptz)
