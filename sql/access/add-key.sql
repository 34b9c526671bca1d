-- What stands there of this new key?
select key
from add_key(:item::jsonb, :now::timestamptz)
