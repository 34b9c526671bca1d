-- How does the API show a hook's mapping? Of its secrets, how many there are.
create or replace function hook_mapping_json(m hook_mappings) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      m.id,
      api_time(m.created_at) as created_at,
      api_time(m.updated_at) as updated_at,
      m.source,
      m.enabled,
      m.mapping,
      m.authenticity,
      coalesce(cardinality(m.secrets), 0) as secrets
  ) as shown
$$;
