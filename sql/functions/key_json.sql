-- How does the API show a key?
create or replace function key_json(k api_keys) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      k.id,
      api_time(k.created_at) as created_at,
      k.created_by,
      k.label,
      k.scopes,
      k.source,
      api_time(k.revoked_at) as revoked_at,
      k.revoked_by,
      k.replaced_by
  ) as shown
$$;
