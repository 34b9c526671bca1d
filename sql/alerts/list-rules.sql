-- Which alert rules are there, newest first?
with page as (
  select r.id, r.created_at
  from alert_rules r
  where (:active::boolean is null or r.active = :active::boolean)
    and (:metric::text is null or r.metric = :metric::text)
    and (
      :cursor_at::timestamptz is null
      or (r.created_at, r.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
    )
  order by r.created_at desc, r.id desc
  limit :limit::integer + 1
)
select
  t.total,
  (select count(*) from page) as available,
  case when r.id is not null then alert_rule_json(r) end as item,
  g.created_at,
  g.id
from (
  select count(*) as total
  from alert_rules c
  where (:active::boolean is null or c.active = :active::boolean)
    and (:metric::text is null or c.metric = :metric::text)
) as t
left join page g on true
left join alert_rules r on r.id = g.id
order by g.created_at desc, g.id desc
