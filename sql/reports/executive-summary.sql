-- How is the pipeline doing, in one line?
with answer as (
  select
    row_number() over (order by f.period) as place,
    f.period,
    count(l.id) as total_leads,
    count(distinct l.source) as active_sources,
    count(l.converted_at) as conversions,
    percent(count(l.converted_at), count(l.id)) as conversion_rate,
    shown(avg(minutes_between(l.created_at, l.contacted_at))::float8) as avg_response_minutes,
    sum(l.revenue)::numeric(18, 2) as total_revenue,
    avg(l.revenue)::numeric(18, 2) as avg_deal_value,
    count(*) filter (where l.quality_score = 'A') as a_leads,
    count(*) filter (where l.quality_score = 'B') as b_leads,
    count(*) filter (where l.quality_score = 'C') as c_leads,
    count(*) filter (where l.quality_score = 'D') as d_leads,
    count(l.id) filter (where l.quality_score is null) as unscored_leads,
    count(*) filter (where l.reached >= 2) as contacted_leads,
    count(*) filter (where l.reached = 1 and not l.is_dead) as waiting_leads,
    shown(percentile_cont(0.5) within group (
      order by minutes_between(l.created_at, l.contacted_at)::float8
    )) as median_response_minutes,
    count(l.id) as conversion_rate_n,
    wilson_low(count(l.converted_at), count(l.id)) as conversion_rate_low,
    wilson_high(count(l.converted_at), count(l.id)) as conversion_rate_high
  from report_frame(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text
  ) as f
  left join counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as l on l.period = f.period
  group by f.period
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
