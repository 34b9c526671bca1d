-- What stands there of this new key, and did its request come before? An item is a key's columns,
-- with its id already chosen, and what its request is called.
create or replace function add_key(item jsonb, at timestamptz)
returns table (key json, first_id text, replayed boolean)
language plpgsql as $$
declare
  is_known boolean := claim_request(item, at);
begin
  insert into api_keys as k (id, created_at, created_by, label, scopes, source)
  select
    g.id,
    at,
    g.created_by,
    g.label,
    g.scopes,
    g.source
  from jsonb_populate_record(null::api_keys, item) as g
  where not is_known;
  return query
    select key_json(k), k.first_id, is_known
    from api_keys k
    where k.id = item ->> 'id';
end
$$;
