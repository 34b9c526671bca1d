-- How many percent is that? Null where there is nothing to divide by.
create or replace function percent(part bigint, whole bigint) returns float8
language sql immutable parallel safe
return round(100 * part::numeric / nullif(whole, 0), 2)::float8;
