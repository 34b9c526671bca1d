-- When does a day begin in a zone? The first moment whose date there is that day: also where clocks
-- skip midnight (São Paulo, 2017-10-15) or strike it twice (Havana, 2024-11-03).
create or replace function day_start(day date, timezone text) returns timestamptz
language sql immutable parallel safe as $$
  select min(moment)
  from (
    select day::timestamp at time zone timezone - earlier as moment
    from unnest(array[interval '0', interval '30 minutes', interval '1 hour', interval '2 hours'])
      as earlier
  ) as candidates
  where (moment at time zone timezone)::date >= day
$$;
