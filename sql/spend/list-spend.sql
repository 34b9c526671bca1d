-- What did each source cost on each day, newest day first? Nothing that an agent sees. A page
-- begins below a day, given as the moment it begins in UTC.
with matching as not materialized (
  select s.*
  from source_spend s
  where :viewer_agent_id::uuid is null
    and (:from::date is null or s.day >= :from::date)
    and (:to::date is null or s.day < :to::date)
    and (:source::text is null or s.source = :source::text)
),
page as (
  select m.*
  from matching m
  where :cursor_at::timestamptz is null
    or (m.day, m.id) < ((:cursor_at::timestamptz at time zone 'UTC')::date, :cursor_id::uuid)
  order by m.day desc, m.id desc
  limit :limit::integer + 1
)
select
  t.total,
  (select count(*) from page) as available,
  case
    when p.id is not null then json_build_object(
      'id', p.id, 'source', p.source, 'day', p.day, 'amount', p.amount::text,
      'recorded_at', api_time(p.recorded_at)
    )
  end as item,
  p.day::timestamp at time zone 'UTC' as created_at,
  p.id
from (
  select case when :counted::boolean then (select count(*) from matching) end as total
) as t
left join page p on true
order by p.day desc, p.id desc
