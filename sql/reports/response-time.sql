-- How fast are leads answered? "Within" counts only leads old enough to have been; "all" takes
-- those never contacted as never.
with counted as (
  select
    l.period,
    case when :by::text = 'source' then l.source end as source,
    case when :by::text = 'agent' then l.agent_id end as agent_id,
    case when :by::text = 'quality_score' then l.quality_score end as quality_score,
    l.created_at,
    l.age,
    l.is_dead,
    case when :human_only::boolean then l.human_contact_at else l.contacted_at end as contact_at,
    case when :human_only::boolean then l.human_contact_at is null else l.reached = 1 end
      as unanswered
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as l
),
groups as (
  select
    l.period,
    l.source,
    l.agent_id,
    l.quality_score,
    count(*) as total,
    count(l.contact_at) as contacted,
    shown(avg(minutes_between(l.created_at, l.contact_at))::float8) as mean,
    shown(percentile_cont(0.5) within group (
      order by minutes_between(l.created_at, l.contact_at)::float8
    )) as median,
    shown(percentile_cont(0.9) within group (
      order by minutes_between(l.created_at, l.contact_at)::float8
    )) as p90,
    shown(percentile_disc(0.5) within group (
      order by coalesce(minutes_between(l.created_at, l.contact_at)::float8, 'Infinity')
    )) as median_all,
    shown(percentile_disc(0.9) within group (
      order by coalesce(minutes_between(l.created_at, l.contact_at)::float8, 'Infinity')
    )) as p90_all,
    count(*) filter (where l.age >= '1 hour' and l.contact_at - l.created_at < '1 hour')
      as within_1hr,
    count(*) filter (where l.age >= '1 hour') as old_1hr,
    count(*) filter (where l.age >= '5 minutes' and l.contact_at - l.created_at < '5 minutes')
      as within_5min,
    count(*) filter (where l.age >= '5 minutes') as old_5min,
    count(*) filter (where l.age >= '15 minutes' and l.contact_at - l.created_at < '15 minutes')
      as within_15min,
    count(*) filter (where l.age >= '15 minutes') as old_15min,
    count(*) filter (where l.age >= '24 hours' and l.contact_at - l.created_at < '24 hours')
      as within_24hr,
    count(*) filter (where l.age >= '24 hours') as old_24hr,
    count(*) filter (where l.unanswered and not l.is_dead) as waiting
  from counted l
  group by l.period, l.source, l.agent_id, l.quality_score
),
answer as (
  select
    row_number() over (
      order by
        g.period, g.mean nulls last, g.source collate "C" nulls last,
        a.first_name || ' ' || a.last_name collate "C" nulls last, g.agent_id nulls last,
        g.quality_score nulls last
    ) as place,
    g.period,
    g.source,
    g.total as total_leads,
    g.contacted as contacted_leads,
    g.mean as avg_response_minutes,
    g.median as median_response_minutes,
    g.within_1hr as responded_within_1hr,
    percent(g.within_1hr, g.old_1hr) as pct_within_1hr,
    g.agent_id,
    a.first_name || ' ' || a.last_name as agent_name,
    g.quality_score,
    g.waiting as waiting_leads,
    g.p90 as p90_response_minutes,
    g.median_all as median_all_minutes,
    g.p90_all as p90_all_minutes,
    g.within_5min as responded_within_5min,
    percent(g.within_5min, g.old_5min) as pct_within_5min,
    g.within_15min as responded_within_15min,
    percent(g.within_15min, g.old_15min) as pct_within_15min,
    g.within_24hr as responded_within_24hr,
    percent(g.within_24hr, g.old_24hr) as pct_within_24hr,
    g.old_1hr as pct_within_1hr_n,
    wilson_low(g.within_1hr, g.old_1hr) as pct_within_1hr_low,
    wilson_high(g.within_1hr, g.old_1hr) as pct_within_1hr_high,
    g.old_5min as pct_within_5min_n,
    wilson_low(g.within_5min, g.old_5min) as pct_within_5min_low,
    wilson_high(g.within_5min, g.old_5min) as pct_within_5min_high,
    g.old_15min as pct_within_15min_n,
    wilson_low(g.within_15min, g.old_15min) as pct_within_15min_low,
    wilson_high(g.within_15min, g.old_15min) as pct_within_15min_high,
    g.old_24hr as pct_within_24hr_n,
    wilson_low(g.within_24hr, g.old_24hr) as pct_within_24hr_low,
    wilson_high(g.within_24hr, g.old_24hr) as pct_within_24hr_high
  from groups g
  left join agent_profiles a on a.id = g.agent_id
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
