-- Who erased or took out whose data, newest first? A first row alone carries the total where
-- nothing is left to show. A page of 200 is far below the Data API's 1 MiB.
with matching as not materialized (
  select a.id, a.created_at
  from audit_log a
  where a.created_at >= (
      select coalesce(day_start(:from::date, w.timezone), '-infinity') from workspace w
    )
    and a.created_at < (
      select coalesce(day_start(:to::date, w.timezone), 'infinity') from workspace w
    )
    and (:action::text is null or a.action = :action::text)
    and (:caller::text is null or a.caller = :caller::text)
    and (:reference::text is null or a.reference = :reference::text)
    and (:lead_id::uuid is null or a.lead_id = :lead_id::uuid)
),
page as (
  select m.id, m.created_at
  from matching m
  where :cursor_at::timestamptz is null
    or (
      -- By a row alone the index is not entered at the cursor, but walked to it from its end.
      m.created_at < :cursor_at::timestamptz + interval '1 microsecond'
      and (m.created_at, m.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
    )
  order by m.created_at desc, m.id desc
  limit :limit::integer + 1
),
shown as (
  select p.id, p.created_at, item.*
  from page p
  -- One by one: a join with a thousand would read the whole table.
  cross join lateral (
    select json_build_object(
      'id', a.id,
      'created_at', api_time(a.created_at),
      'caller', a.caller,
      'action', a.action,
      'reference', a.reference,
      'lead_id', a.lead_id
    ) as item
    from audit_log a
    where a.id = p.id
    limit 1
  ) as item
)
select t.total, (select count(*) from page) as available, s.item, s.created_at, s.id
from (
  select case when :counted::boolean then (select count(*) from matching) end as total
) as t
left join shown s on true
order by s.created_at desc, s.id desc
