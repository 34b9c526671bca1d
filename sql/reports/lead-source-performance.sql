-- Which source is worth its money?
with counted as (
  select
    l.*,
    case when :by::text <> 'utm_campaign' then l.source end as source_key,
    case when :by::text = 'source,quality_score' then l.quality_score end as score_key,
    case when :by::text = 'utm_campaign' then l.utm_campaign end as campaign_key
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
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
-- Money is spent on a source: on which agent, score or campaign, nobody can say, and an agent is
-- told nothing of it.
asked as (
  select
    :by::text = 'source'
      and coalesce(:agent_id::text, :quality_score::text, :utm_campaign::text) is null
      and :viewer_agent_id::uuid is null as of_money
),
spent as (
  select f.period, s.source, sum(s.amount) as spend
  from asked q
  cross join report_frame(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text
  ) as f
  join source_spend s
    on s.day >= f.first_day and s.day < f.end_day
    and s.day <= (f.as_of at time zone f.timezone)::date
  where q.of_money and (:source::text is null or s.source = :source::text)
  group by f.period, s.source
  having sum(s.amount) > 0
),
-- A source that cost money and brought no lead has a row of its own.
answer as (
  select
    row_number() over (
      order by
        period, g.total_revenue desc nulls last,
        percent(g.conversions, g.total) desc nulls last, source collate "C" nulls last,
        g.quality_score nulls last, g.utm_campaign collate "C" nulls last
    ) as place,
    period,
    source,
    coalesce(g.total, 0) as total_leads,
    coalesce(g.conversions, 0) as conversions,
    percent(g.conversions, g.total) as conversion_rate,
    g.avg_deal_value,
    g.total_revenue,
    g.quality_score,
    case when :by::text = 'source,quality_score' then g.total end as leads_by_score,
    g.utm_campaign,
    coalesce(g.contacted, 0) as contacted_leads,
    coalesce(g.qualified, 0) as qualified_leads,
    coalesce(g.a_leads, 0) as a_leads,
    coalesce(g.b_leads, 0) as b_leads,
    coalesce(g.c_leads, 0) as c_leads,
    coalesce(g.d_leads, 0) as d_leads,
    coalesce(g.unscored_leads, 0) as unscored_leads,
    case when q.of_money then coalesce(s.spend, 0)::numeric(18, 2) end as spend,
    (s.spend / nullif(g.total, 0))::numeric(18, 2) as cost_per_lead,
    (s.spend / nullif(g.conversions, 0))::numeric(18, 2) as cost_per_conversion,
    round(100 * (coalesce(g.total_revenue, 0) - s.spend) / s.spend, 2)::float8 as roi,
    coalesce(g.total, 0) as conversion_rate_n,
    wilson_low(g.conversions, g.total) as conversion_rate_low,
    wilson_high(g.conversions, g.total) as conversion_rate_high
  from groups g
  full join spent s using (period, source)
  cross join asked q
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
