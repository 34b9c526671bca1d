-- What do we know about this lead, and what happened to it last? First row the lead, then its
-- latest 100 events, newest first; no row where the viewer may not see it. Cut before the answer
-- outgrows the Data API's 1 MiB: lengths are those of the text inside a JSON answer.
with own as (
  select l.*
  from leads l
  where l.id = :id::uuid and known_to(l, null, :viewer_agent_id::uuid)
),
newest as (
  select
    'event' as kind,
    event_json(e) as item,
    e.created_at,
    e.id
  from lead_events e
  where e.lead_id = (select o.id from own o)
  order by e.created_at desc, e.id desc
  limit 100
),
measured as (
  select
    n.*,
    sum(octet_length(to_json(n.item::text)::text) + 64) over (
      order by n.created_at desc, n.id desc
    ) as bytes
  from newest n
)
select
  'lead' as kind,
  lead_json(o, :viewer_agent_id::uuid, :now::timestamptz) as item,
  null::bigint as place
from own o
union all
select m.kind, m.item, row_number() over (order by m.created_at desc, m.id desc)
from measured m
where m.bytes < 800000
order by place nulls first
