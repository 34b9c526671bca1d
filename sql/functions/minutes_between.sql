-- How long was that, in minutes? Never negative; null where it did not end.
create or replace function minutes_between(start_at timestamptz, end_at timestamptz) returns numeric
language sql immutable parallel safe
return case
  when end_at < start_at then 0
  else extract(epoch from end_at - start_at) / 60
end;
