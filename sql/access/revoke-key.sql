-- What stands there of this key, revoked?
select key
from revoke_key(:id::text, :by::text, :now::timestamptz)
