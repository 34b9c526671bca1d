-- How is this source read from now on, and is that new? Where no secrets are given, those of the
-- same kind stay.
create or replace function set_hook_mapping(item jsonb, at timestamptz)
returns table (inserted boolean, item json)
language sql as $$
  insert into hook_mappings as m (
    id, created_at, updated_at, source, enabled, mapping, authenticity, secrets
  )
  select
    i.id, at, at, i.source, i.enabled, i.mapping, i.authenticity,
    coalesce(
      i.secrets,
      (
        select k.secrets
        from hook_mappings k
        where k.source = i.source and k.authenticity ->> 'kind' = i.authenticity ->> 'kind'
      )
    )
  from jsonb_populate_record(null::hook_mappings, set_hook_mapping.item) as i
  on conflict (source) do update
  set
    updated_at = at,
    enabled = excluded.enabled,
    mapping = excluded.mapping,
    authenticity = excluded.authenticity,
    secrets = excluded.secrets
  returning old.id is null, hook_mapping_json(m)
$$;
