-- What share of the leads was contacted how soon? By Kaplan and Meier: a lead that nobody contacted
-- counts for as long as it has been there, dead or not, and says nothing of later.
with steps (within, minutes) as (
  values
    ('1 minute', 1::float8), ('5 minutes', 5), ('15 minutes', 15), ('30 minutes', 30),
    ('1 hour', 60), ('2 hours', 120), ('4 hours', 240), ('8 hours', 480),
    ('24 hours', 1440), ('48 hours', 2880), ('72 hours', 4320), ('7 days', 10080)
),
-- One column to group by, whichever it is.
watched as (
  select
    l.period,
    case :by::text
      when 'source' then l.source
      when 'agent' then coalesce(l.agent_id::text, '')
      when 'quality_score' then coalesce(l.quality_score, '')
      else ''
    end collate "C" as key,
    minutes_between(l.created_at, coalesce(c.contact_at, l.as_of))::float8 as minutes,
    c.contact_at is not null as contacted
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as l
  cross join lateral (
    select case when :human_only::boolean then l.human_contact_at else l.contacted_at end
  ) as c (contact_at)
),
groups as (
  select w.period, w.key, count(*)::float8 as total, max(w.minutes) as last_minutes
  from watched w
  group by w.period, w.key
),
-- The steps are moments of each group, too: what holds so far holds at them.
moments as (
  select
    m.period, m.key, m.minutes,
    count(*) filter (where m.contacted)::float8 as contacts,
    count(m.contacted)::float8 as leads,
    count(*) > count(m.contacted) as is_step
  from (
    select w.period, w.key, w.minutes, w.contacted from watched w
    union all
    select g.period, g.key, s.minutes, null from groups g cross join steps s
  ) as m
  group by m.period, m.key, m.minutes
),
counts as (
  select
    m.period, m.key, m.minutes, m.contacts, m.is_step, g.total, g.last_minutes,
    sum(m.contacts) over so_far as contacted,
    g.total - sum(m.leads) over so_far + m.leads as at_risk
  from moments m
  join groups g on g.period = m.period and g.key = m.key
  window so_far as (partition by m.period, m.key order by m.minutes)
),
curve as (
  select
    c.*,
    case
      when min(k.kept) over so_far = 0 then 0
      else exp(sum(ln(nullif(k.kept, 0))) over so_far)
    end as waiting,
    sum(c.contacts / nullif(c.at_risk * (c.at_risk - c.contacts), 0)) over so_far as variance
  from counts c
  cross join lateral (select (c.at_risk - c.contacts) / nullif(c.at_risk, 0)) as k (kept)
  window so_far as (partition by c.period, c.key order by c.minutes)
),
-- Greenwood's variance on the log-log scale, which has no place for all and for none: no interval.
limits as (
  select c.*, c.waiting ^ (1 / e.exponent) as low, c.waiting ^ e.exponent as high
  from curve c
  cross join lateral (
    select exp(1.959963984540054 * sqrt(c.variance) / nullif(ln(nullif(c.waiting, 0)), 0))
  ) as e (exponent)
),
-- Where half wait for a while, the median is the middle of that while, as percentile_cont has it.
-- What comes of logarithms is half to within a billionth.
medians as (
  select
    l.*,
    (
      min(l.minutes) filter (where l.waiting < 0.500000001) over of_group
      + coalesce(
        min(l.minutes) filter (where l.waiting < 0.499999999) over of_group, l.last_minutes
      )
    ) / 2 as median,
    min(l.minutes) filter (where l.low <= 0.5) over of_group as median_low,
    min(l.minutes) filter (where l.high <= 0.5) over of_group as median_high
  from limits l
  window of_group as (partition by l.period, l.key)
),
shown as (
  select
    m.*,
    s.within,
    case when :by::text = 'source' then m.key end as source,
    case when :by::text = 'agent' then nullif(m.key, '')::uuid end as agent_id,
    case when :by::text = 'quality_score' then nullif(m.key, '') end as quality_score
  from medians m
  join steps s on m.is_step and s.minutes = m.minutes
),
answer as (
  select
    row_number() over (
      order by
        s.period, s.source nulls last,
        a.first_name || ' ' || a.last_name collate "C" nulls last, s.agent_id nulls last,
        s.quality_score nulls last, s.minutes
    ) as place,
    s.period,
    s.source,
    s.within,
    s.minutes as within_minutes,
    s.total::bigint as total_leads,
    s.at_risk::bigint as at_risk,
    s.contacted::bigint as contacted_leads,
    case
      when s.at_risk > 0 or s.waiting = 0 then
        shown(round((100 - 100 * s.waiting)::numeric, 9)::float8)
    end as pct_contacted,
    case when s.at_risk > 0 then shown(100 - 100 * s.high) end as pct_contacted_low,
    case when s.at_risk > 0 then shown(100 - 100 * s.low) end as pct_contacted_high,
    shown(s.median) as median_minutes,
    shown(s.median_low) as median_minutes_low,
    shown(s.median_high) as median_minutes_high,
    s.agent_id,
    a.first_name || ' ' || a.last_name as agent_name,
    s.quality_score
  from shown s
  left join agent_profiles a on a.id = s.agent_id
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
