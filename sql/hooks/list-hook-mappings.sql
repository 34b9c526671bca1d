-- Which hooks are there, newest first?
with page as (
  select m.id, m.created_at
  from hook_mappings m
  where :cursor_at::timestamptz is null
    or (m.created_at, m.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
  order by m.created_at desc, m.id desc
  limit :limit::integer + 1
)
select
  t.total,
  (select count(*) from page) as available,
  case when m.id is not null then hook_mapping_json(m) end as item,
  p.created_at,
  p.id
from (select count(*) as total from hook_mappings) as t
left join page p on true
left join hook_mappings m on m.id = p.id
order by p.created_at desc, p.id desc
