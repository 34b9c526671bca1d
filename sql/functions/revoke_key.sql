-- What stands there of this key, revoked? One that is not known, made offline, is known from now
-- on. One that is revoked already stays so from the earlier moment on.
create or replace function revoke_key(key_id text, by text, at timestamptz)
returns table (key json)
language sql as $$
  insert into api_keys as k (id, created_at, revoked_at, revoked_by)
  values (key_id, at, at, by)
  on conflict (id) do update
  set
    revoked_at = least(k.revoked_at, at),
    revoked_by = case when k.revoked_at <= at then k.revoked_by else by end
  returning key_json(k)
$$;
