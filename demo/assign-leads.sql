-- How many leads of a segment, which came in between these moments, get an arm? Each as if it had
-- come in at its time, one after the other.
select sum(assign_experiments(array[l.id], l.created_at)) as assigned
from (
  select n.id, n.created_at
  from leads n
  where n.created_at >= :from::timestamptz
    and n.created_at < :to::timestamptz
    and fits_segment(n, jsonb_build_object('source', :sources::jsonb))
  order by n.created_at, n.id
) as l
