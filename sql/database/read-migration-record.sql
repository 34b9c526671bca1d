-- Which migrations, or functions, did this database see?
select name, sha256
from schema_migrations
where kind = :kind::text
