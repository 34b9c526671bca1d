-- In which zone and currency does this workspace count, and which day is it there?
select
  w.timezone,
  w.currency,
  (:now::timestamptz at time zone w.timezone)::date as today
from workspace w
