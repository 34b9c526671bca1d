-- Which incidents are there, newest first? Cut before the answer outgrows the Data API's 1 MiB:
-- lengths are those of the text inside a JSON answer.
with matching as not materialized (
  select i.id, i.opened_at
  from incidents i
  join alert_rules r on r.id = i.rule_id
  where i.opened_at >= (
      select coalesce(day_start(:from::date, w.timezone), '-infinity') from workspace w
    )
    and i.opened_at < (
      select coalesce(day_start(:to::date, w.timezone), 'infinity') from workspace w
    )
    and (:rule::text is null or r.name = :rule::text)
    and (:severity::text is null or i.severity = :severity::text)
    and case :status::text
      when 'open' then i.resolved_at is null and i.acknowledged_at is null
      when 'acknowledged' then i.resolved_at is null and i.acknowledged_at is not null
      when 'resolved' then i.resolved_at is not null
      when 'unresolved' then i.resolved_at is null
      else true
    end
),
page as (
  select g.id, g.opened_at
  from matching g
  where :cursor_at::timestamptz is null
    or (g.opened_at, g.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
  order by g.opened_at desc, g.id desc
  limit :limit::integer + 1
),
measured as (
  select
    p.*,
    shown.item,
    sum(octet_length(to_json(shown.item::text)::text) + 128) over (
      order by p.opened_at desc, p.id desc
    ) as bytes
  from page p
  join incidents i on i.id = p.id
  cross join lateral (select incident_json(i)) as shown (item)
)
select
  t.total,
  (select count(*) from page) as available,
  m.item,
  m.opened_at as created_at,
  m.id
from (select count(*) as total from matching) as t
left join measured m on m.bytes < 900000
order by m.opened_at desc, m.id desc
