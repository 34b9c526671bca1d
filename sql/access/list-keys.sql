-- Which keys are known, newest first?
with matching as (
  select k.*
  from api_keys k
  where :revoked::boolean is null
    or (k.revoked_at is not null and k.revoked_at <= :now::timestamptz) = :revoked::boolean
),
page as (
  select m.row_id, m.created_at
  from matching m
  where :cursor_at::timestamptz is null
    or (m.created_at, m.row_id) < (:cursor_at::timestamptz, :cursor_id::uuid)
  order by m.created_at desc, m.row_id desc
  limit :limit::integer + 1
)
select
  t.total,
  (select count(*) from page) as available,
  case when k.id is not null then key_json(k) end as item,
  p.created_at,
  p.row_id as id
from (select count(*) as total from matching) as t
left join page p on true
left join api_keys k on k.row_id = p.row_id
order by p.created_at desc, p.row_id desc
