-- Which key, with the same rights, takes the place of this one, which ends at `until`, and did this
-- request come before? No row: its rights are not known.
create or replace function rotate_key(
  key_id text, successor_id text, by text, request jsonb, until timestamptz, at timestamptz
)
returns table (key json, first_id text, replayed boolean)
language plpgsql as $$
declare
  old api_keys;
begin
  if claim_request(request, at) then
    return query
      select key_json(k), k.first_id, true
      from api_keys k
      where k.id = successor_id;
    return;
  end if;

  select k.* into old from api_keys k where k.id = key_id for no key update;
  if old.revoked_at is not null then
    raise check_violation using message = 'an ended key violates check constraint "key_in_use"';
  end if;

  insert into api_keys (id, created_at, created_by, label, scopes, source, first_id)
  select
    successor_id,
    at,
    by,
    old.label,
    old.scopes,
    old.source,
    coalesce(old.first_id, old.id)
  where old.id is not null;

  update api_keys k
  set
    revoked_at = until,
    revoked_by = by,
    replaced_by = successor_id
  where k.id = old.id;

  return query
    select key_json(k), k.first_id, false
    from api_keys k
    where k.id = successor_id;
end
$$;
