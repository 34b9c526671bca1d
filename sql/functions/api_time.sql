-- How does the API write a moment? In UTC, with all six digits, so that it sorts and reads back
-- exactly.
create or replace function api_time(moment timestamptz) returns text
language sql stable parallel safe
return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
