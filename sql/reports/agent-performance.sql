-- Which agent turns leads into deals, and how fast is the agent's first call? The clock runs from
-- the assignment (or the lead, where it came later) to the agent's own first contact.
with counted as materialized (
  select
    l.*,
    case
      when l.agent_id is not null and l.contacted_at is not null then (
        select minutes_between(greatest(l.created_at, l.assigned_at), min(e.created_at))
        from lead_events e
        where e.lead_id = l.id and e.event_type = 'contacted' and e.agent_id = l.agent_id
          and e.voided_at is null and e.created_at <= l.as_of
      )
    end as minutes
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as l
),
groups as (
  select
    l.period,
    l.agent_id,
    count(*) as leads,
    count(l.converted_at) as conversions,
    avg(l.minutes)::float8 as mean,
    percentile_cont(0.5) within group (order by l.minutes::float8) as median,
    sum(l.revenue)::numeric(18, 2) as revenue
  from counted l
  group by l.period, l.agent_id
),
agents as (
  select f.period, a.id, a.first_name || ' ' || a.last_name as name, a.active
  from report_frame(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text
  ) as f
  cross join agent_profiles a
  where (:agent_id::text is null or a.id::text = lower(:agent_id::text))
    and (:viewer_agent_id::uuid is null or a.id = :viewer_agent_id::uuid)
),
answer as (
  select
    row_number() over (
      order by
        p.shown, percent(coalesce(g.conversions, 0), g.leads) desc nulls last,
        a.name collate "C" nulls last, a.id nulls last
    ) as place,
    p.shown as period,
    a.name as agent_name,
    coalesce(g.leads, 0) as leads_assigned,
    coalesce(g.conversions, 0) as conversions,
    percent(coalesce(g.conversions, 0), g.leads) as conversion_rate,
    shown(g.mean) as avg_response_minutes,
    g.revenue as total_revenue,
    coalesce(a.id, g.agent_id) as agent_id,
    shown(g.median) as median_response_minutes,
    coalesce(g.leads, 0) < 20 as low_data,
    coalesce(g.leads, 0) as conversion_rate_n,
    wilson_low(g.conversions, g.leads) as conversion_rate_low,
    wilson_high(g.conversions, g.leads) as conversion_rate_high
  from groups g
  full join (select period as agent_period, id, name, active from agents) as a
    on a.agent_period = g.period and a.id = g.agent_id
  cross join lateral (select coalesce(g.period, a.agent_period)) as p (shown)
  where g.leads > 0 or a.active
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
