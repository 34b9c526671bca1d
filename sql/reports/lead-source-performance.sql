-- Which source is worth its money?
with counted as (
  select
    l.*,
    case when :by::text <> 'utm_campaign' then l.source end as source_key,
    case when :by::text = 'source,quality_score' then l.quality_score end as score_key,
    case when :by::text = 'utm_campaign' then l.utm_campaign end as campaign_key
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text
  ) as l
),
groups as (
  select
    l.period,
    l.source_key as source,
    l.score_key as quality_score,
    l.campaign_key as utm_campaign,
    count(*) as total,
    count(l.converted_at) as conversions,
    avg(l.revenue)::numeric(18, 2) as avg_deal_value,
    sum(l.revenue)::numeric(18, 2) as total_revenue,
    count(*) filter (where l.reached >= 2) as contacted,
    count(*) filter (where l.reached >= 3) as qualified,
    count(*) filter (where l.quality_score = 'A') as a_leads,
    count(*) filter (where l.quality_score = 'B') as b_leads,
    count(*) filter (where l.quality_score = 'C') as c_leads,
    count(*) filter (where l.quality_score = 'D') as d_leads,
    count(*) filter (where l.quality_score is null) as unscored_leads
  from counted l
  group by l.period, l.source_key, l.score_key, l.campaign_key
),
answer as (
  select
    row_number() over (
      order by
        g.period, g.total_revenue desc nulls last,
        percent(g.conversions, g.total) desc nulls last, g.source collate "C" nulls last,
        g.quality_score nulls last, g.utm_campaign collate "C" nulls last
    ) as place,
    g.period,
    g.source,
    g.total as total_leads,
    g.conversions,
    percent(g.conversions, g.total) as conversion_rate,
    g.avg_deal_value,
    g.total_revenue,
    g.quality_score,
    case when :by::text = 'source,quality_score' then g.total end as leads_by_score,
    g.utm_campaign,
    g.contacted as contacted_leads,
    g.qualified as qualified_leads,
    g.a_leads,
    g.b_leads,
    g.c_leads,
    g.d_leads,
    g.unscored_leads,
    g.total as conversion_rate_n,
    wilson_low(g.conversions, g.total) as conversion_rate_low,
    wilson_high(g.conversions, g.total) as conversion_rate_high
  from groups g
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text
) as r
left join answer a on a.place <= :rows::integer
order by a.place
