-- How what a source sends is read, and how the source shows that it is the one. The secrets stand
-- here as they are: with one, leads of this source can be sent, and nothing can be read. No
-- function shows them but the one that checks what was sent.
create table hook_mappings (
  id uuid primary key default uuid_generate_v4(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  source text not null,
  enabled boolean not null default true,
  mapping jsonb not null,
  authenticity jsonb not null,
  -- The second one is valid too while secrets are exchanged.
  secrets text[],

  constraint hook_mappings_source_key unique (source),
  constraint hook_mappings_source_normalised check (source = btrim(lower(source collate "C"))),
  constraint hook_mappings_mapping_size check (octet_length(mapping::text) <= 8192),
  constraint hook_mappings_secrets check (
    (authenticity ->> 'kind' = 'key') = (secrets is null)
    and cardinality(secrets) between 1 and 2
  )
);
