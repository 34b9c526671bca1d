-- Were the days of lead_metrics counted in another zone than the workspace's?
select r.timezone
from (
  select m.timezone from metric_refreshes m order by m.finished_at desc limit 1
) as r
join workspace w on w.timezone is distinct from r.timezone
