-- Who works here, newest first? An agent sees the own profile.
with matching as (
  select a.*
  from agent_profiles a
  where (:active::boolean is null or a.active = :active::boolean)
    and (:team::text is null or a.team = :team::text)
    and (:external_id::text is null or a.external_id = :external_id::text)
    and (:viewer_agent_id::uuid is null or a.id = :viewer_agent_id::uuid)
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
  case when a.id is not null then agent_json(a) end as item,
  p.created_at,
  p.id
from (select count(*) as total from matching) as t
left join page p on true
left join agent_profiles a on a.id = p.id
order by p.created_at desc, p.id desc
