-- How is this source read from now on, and is that new? Where no secrets are given, those of the
-- same kind stay. What stood there before is kept; of secrets that change, how many there were.
create or replace function set_hook_mapping(given jsonb, at timestamptz)
returns table (inserted boolean, item json)
language plpgsql as $$
declare
  mapping_id uuid;
  before jsonb;
  changes_secrets boolean;
begin
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
  from jsonb_populate_record(null::hook_mappings, given) as i
  on conflict (source) do update
  set
    updated_at = at,
    enabled = excluded.enabled,
    mapping = excluded.mapping,
    authenticity = excluded.authenticity,
    secrets = excluded.secrets
  returning
    old.id is null,
    hook_mapping_json(m),
    m.id,
    hook_mapping_json(old),
    m.secrets is distinct from old.secrets
  into inserted, item, mapping_id, before, changes_secrets;

  if not inserted then
    perform note_correction(
      'hook_mapping', mapping_id, before,
      item::jsonb || case when changes_secrets then '{"secrets": null}' else '{}' end::jsonb,
      given ->> 'by', at
    );
  end if;
  return next;
end
$$;
