-- Which files of sql/ did this database see, and with which text?
create table if not exists schema_migrations (
  kind text not null,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  constraint schema_migrations_pkey primary key (kind, name),
  constraint schema_migrations_kind check (kind in ('migration', 'function'))
)
