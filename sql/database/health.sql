-- Is the database there, and which migrations has it?
select
  count(*) as migrations,
  max(name) as latest_migration
from schema_migrations
where kind = 'migration'
