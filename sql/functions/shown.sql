-- A number as the API shows it: two decimals, null where it is null or infinite.
create or replace function shown(value float8) returns float8
language sql immutable parallel safe
return round(nullif(value, 'Infinity')::numeric, 2)::float8;
