-- What happened to leads, newest first? Not their coming in, which intake writes. A first row alone
-- carries the total where nothing is left to show. Cut before the answer outgrows the Data API's
-- 1 MiB: lengths are those of the text inside a JSON answer.
with bounds as (
  select
    coalesce(day_start(:from::date, w.timezone), '-infinity') as starts_at,
    coalesce(day_start(:to::date, w.timezone), 'infinity') as ends_at
  from workspace w
),
-- Not materialized: a page reads its own rows by the index, not all that match.
matching as not materialized (
  select e.id, e.created_at
  from lead_events e
  where e.event_type <> 'created'
    and (:include::text is not null or e.voided_at is null)
    and e.created_at >= (select b.starts_at from bounds b)
    and e.created_at < (select b.ends_at from bounds b)
    and (:event_type::text is null or e.event_type = :event_type::text)
    and (:event_source::text is null or e.event_source = :event_source::text)
    and (:agent_id::uuid is null or e.agent_id = :agent_id::uuid)
    and (:lead_id::uuid is null or e.lead_id = :lead_id::uuid)
    and (
      :source::text is null
      or :source::text = (select l.source from leads l where l.id = e.lead_id)
    )
    -- Hashed once: looked up one by one, a count would read a lead for each event there is.
    and (
      :viewer_agent_id::uuid is null
      or e.lead_id in (
        select l.id from leads l where l.assigned_agent_id = :viewer_agent_id::uuid
      )
    )
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
measured as (
  select
    p.id,
    p.created_at,
    shown.item,
    sum(octet_length(to_json(shown.item::text)::text) + 128) over (
      order by p.created_at desc, p.id desc
    ) as bytes
  from page p
  -- One by one: a join with a thousand would read the whole table.
  cross join lateral (
    select (
      left(event_json(e)::text, -1)
      || ',"lead_source":' || to_json(l.source)::text
      || ',"lead_external_id":' || coalesce(to_json(l.external_id)::text, 'null')
      || '}'
    )::json
    from lead_events e
    join leads l on l.id = e.lead_id
    where e.id = p.id
    limit 1
  ) as shown (item)
)
select t.total, (select count(*) from page) as available, m.item, m.created_at, m.id
from (
  select case when :counted::boolean then (select count(*) from matching) end as total
) as t
left join measured m on m.bytes < 900000
order by m.created_at desc, m.id desc
