-- Which experiments are there, newest first?
with matching as (
  select x.id, x.created_at
  from lead_experiments x
  where (:status::text is null or x.status = :status::text)
    and (:primary_metric::text is null or x.primary_metric = :primary_metric::text)
    and (:skill_id::uuid is null or x.skill_id = :skill_id::uuid)
),
page as (
  select m.id, m.created_at
  from matching m
  where :cursor_at::timestamptz is null
    or (m.created_at, m.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
  order by m.created_at desc, m.id desc
  limit :limit::integer + 1
)
select
  t.total,
  (select count(*) from page) as available,
  case when x.id is not null then experiment_json(x) end as item,
  p.created_at,
  p.id
from (select count(*) as total from matching) as t
left join page p on true
left join lead_experiments x on x.id = p.id
order by p.created_at desc, p.id desc
