-- What did each day, week or month bring, by source, score and agent? Rolled up from the
-- materialized view, as of its last refresh.
with frame as (
  select f.*, (select max(m.scheduled_at) from metric_refreshes m) as refreshed_at
  from report_frame(:from::date, :to::date, null, :now::timestamptz, null) as f
),
groups as (
  select
    date_trunc(:bucket::text, m.date::timestamp)::date as date,
    case when ',' || :by::text || ',' like '%,source,%' then m.source end as source,
    case when ',' || :by::text || ',' like '%,quality_score,%' then m.quality_score::text end
      as quality_score,
    case when ',' || :by::text || ',' like '%,agent,%' then m.assigned_agent_id end as agent_id,
    sum(m.total_leads)::bigint as total,
    sum(m.contacted_leads)::bigint as contacted,
    sum(m.qualified_leads)::bigint as qualified,
    sum(m.converted_leads)::bigint as converted,
    sum(m.contact_seconds_sum) / nullif(sum(m.contact_seconds_n), 0) / 60 as minutes,
    sum(m.convert_seconds_sum) / nullif(sum(m.convert_seconds_n), 0) / 86400 as days,
    sum(m.total_revenue)::numeric(18, 2) as revenue,
    (sum(m.total_revenue) / nullif(sum(m.deal_value_n), 0))::numeric(18, 2) as deal_value
  from frame f
  join lead_metrics m on m.date >= f.first_day and m.date < f.end_day
  where (:source::text is null or m.source = :source::text)
    and (
      :quality_score::text is null
      or m.quality_score = nullif(:quality_score::text, 'none')
      or (:quality_score::text = 'none' and m.quality_score is null)
    )
    and (
      :agent_id::text is null
      or m.assigned_agent_id = nullif(:agent_id::text, 'none')::uuid
      or (:agent_id::text = 'none' and m.assigned_agent_id is null)
    )
    and (:viewer_agent_id::uuid is null or m.assigned_agent_id = :viewer_agent_id::uuid)
  group by 1, 2, 3, 4
),
dated as (
  select g.*, (g.date + ('1 ' || :bucket::text)::interval)::date as next_date
  from groups g
),
answer as (
  select
    row_number() over (
      order by
        g.date, g.source collate "C" nulls last, g.quality_score nulls last,
        a.first_name || ' ' || a.last_name collate "C" nulls last, g.agent_id nulls last
    ) as place,
    'current' as period,
    g.date,
    g.source,
    g.quality_score,
    g.agent_id as assigned_agent_id,
    g.total as total_leads,
    g.contacted as contacted_leads,
    g.qualified as qualified_leads,
    g.converted as converted_leads,
    percent(g.contacted, g.total) as contact_rate,
    percent(g.qualified, g.total) as qualification_rate,
    percent(g.converted, g.total) as conversion_rate,
    shown(g.minutes::float8) as avg_time_to_contact_minutes,
    shown(g.days::float8) as avg_days_to_convert,
    g.revenue as total_revenue,
    g.deal_value as avg_deal_value,
    g.agent_id,
    a.first_name || ' ' || a.last_name as agent_name,
    g.date < f.first_day
      or g.next_date > f.end_day
      or coalesce(day_start(g.next_date, f.timezone) > f.refreshed_at, true) as partial,
    g.total as contact_rate_n,
    wilson_low(g.contacted, g.total) as contact_rate_low,
    wilson_high(g.contacted, g.total) as contact_rate_high,
    g.total as qualification_rate_n,
    wilson_low(g.qualified, g.total) as qualification_rate_low,
    wilson_high(g.qualified, g.total) as qualification_rate_high,
    g.total as conversion_rate_n,
    wilson_low(g.converted, g.total) as conversion_rate_low,
    wilson_high(g.converted, g.total) as conversion_rate_high
  from dated g
  cross join frame f
  left join agent_profiles a on a.id = g.agent_id
)
select
  case
    when coalesce(a.place, 1) = 1 then json_build_object(
      'from', f.first_day,
      'to', f.end_day,
      'timezone', f.timezone,
      'as_of', api_time(f.refreshed_at),
      'excluded', (
        select json_build_object(
          'test', count(*) filter (where l.is_test),
          'duplicate', count(*) filter (where not l.is_test)
        )
        from report_leads(
          f.starts_at, f.ends_at, coalesce(f.refreshed_at, :now::timestamptz), 'created',
          :source::text, :agent_id::text, :quality_score::text, null, 'excluded',
          :viewer_agent_id::uuid
        ) as l
      )
    )
  end as about,
  a.*
from frame f
left join answer a on a.place <= :rows::integer
order by a.place
