-- Which policies are there, newest first?
with page as (
  select p.id, p.created_at
  from sla_policies p
  where (:active::boolean is null or p.active = :active::boolean)
    and (
      :cursor_at::timestamptz is null
      or (p.created_at, p.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
    )
  order by p.created_at desc, p.id desc
  limit :limit::integer + 1
)
select
  t.total,
  (select count(*) from page) as available,
  case when p.id is not null then sla_policy_json(p) end as item,
  g.created_at,
  g.id
from (
  select count(*) as total
  from sla_policies c
  where :active::boolean is null or c.active = :active::boolean
) as t
left join page g on true
left join sla_policies p on p.id = g.id
order by g.created_at desc, g.id desc
