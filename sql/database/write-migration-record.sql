-- Remember that this text was applied.
insert into schema_migrations (kind, name, sha256)
values (:kind::text, :name::text, :sha256::text)
on conflict (kind, name) do update
set sha256 = excluded.sha256, applied_at = excluded.applied_at
