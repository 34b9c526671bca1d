-- What stands there of this new key? An item is a key's columns, with its id already chosen.
create or replace function add_key(item jsonb, at timestamptz)
returns table (key json)
language sql as $$
  insert into api_keys as k (id, created_at, created_by, label, scopes, source)
  select
    g.id,
    at,
    g.created_by,
    g.label,
    g.scopes,
    g.source
  from jsonb_populate_record(null::api_keys, item) as g
  returning key_json(k)
$$;
