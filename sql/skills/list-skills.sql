-- Which skills are there, newest first?
with matching as (
  select s.*
  from lead_skills s
  where (:status::text is null or s.status = :status::text)
    and (:skill_type::text is null or s.skill_type = :skill_type::text)
    and (:name::text is null or s.name = :name::text)
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
  case when s.id is not null then skill_json(s) end as item,
  p.created_at,
  p.id
from (select count(*) as total from matching) as t
left join page p on true
left join lead_skills s on s.id = p.id
order by p.created_at desc, p.id desc
