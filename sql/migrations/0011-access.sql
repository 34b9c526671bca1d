-- Who may come in: keys, by their ids. The keys themselves are nowhere.

-- A key made offline is not in here before it is revoked: what it may do is then not known.
create table api_keys (
  id text primary key,
  -- Lists are paged by time and a UUID.
  row_id uuid not null default uuidv7(),
  created_at timestamptz not null,
  -- A key's id, or person:<subject>.
  created_by text,
  label text,
  scopes text[],
  source text,
  -- In the future while a successor takes over.
  revoked_at timestamptz,
  revoked_by text,
  replaced_by text,

  constraint api_keys_row_id_key unique (row_id),
  constraint api_keys_id_form check (id ~ '^key_[0-9a-f]{16}$'),
  constraint api_keys_revoked_by check ((revoked_at is null) = (revoked_by is null)),
  constraint api_keys_replaced_by_fkey foreign key (replaced_by) references api_keys (id)
);

create index idx_api_keys_created_at on api_keys (created_at, row_id);
create index idx_api_keys_revoked on api_keys (id) where revoked_at is not null;
create index idx_api_keys_replaced_by on api_keys (replaced_by) where replaced_by is not null;
