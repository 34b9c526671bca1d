-- What happened to this lead, newest first? No row: there is no such lead, or none that the viewer
-- may see. A first row alone carries the total where nothing is left to show.
with page as (
  select e.id, e.created_at, event_json(e) as item
  from lead_events e
  where e.lead_id = :id::uuid
    and (
      :cursor_at::timestamptz is null
      or (e.created_at, e.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
    )
  order by e.created_at desc, e.id desc
  limit :limit::integer + 1
),
measured as (
  select
    p.*,
    sum(octet_length(to_json(p.item::text)::text) + 128) over (
      order by p.created_at desc, p.id desc
    ) as bytes
  from page p
)
select
  (select count(*) from lead_events e where e.lead_id = l.id) as total,
  (select count(*) from page) as available,
  m.item,
  m.created_at,
  m.id
from leads l
left join measured m on m.bytes < 900000
where l.id = :id::uuid and known_to(l, null, :viewer_agent_id::uuid)
order by m.created_at desc, m.id desc
