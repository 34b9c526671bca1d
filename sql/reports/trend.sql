-- Is it getting better? Days, weeks from Monday or months of the zone, empty ones too; partial
-- ones, cut by the window or not over yet, say so.
with frame as (
  select *
  from report_frame(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text
  ) as f
),
-- Materialized: pulled into the join, day_start() is computed per lead instead of per bucket.
buckets as materialized (
  select
    f.period,
    f.timezone,
    b.date,
    b.date < f.first_day
      or b.next > f.end_day
      or day_start(b.next, f.timezone) > f.as_of as partial
  from frame f
  cross join lateral (
    select s.day::date as date, (s.day + ('1 ' || :bucket::text)::interval)::date as next
    from generate_series(
      date_trunc(:bucket::text, f.first_day::timestamp), f.end_day::timestamp - interval '1 day',
      ('1 ' || :bucket::text)::interval
    ) as s (day)
  ) as b
),
counted as (
  select
    l.*,
    date_trunc(
      :bucket::text,
      (case :basis::text when 'converted' then l.converted_at else l.created_at end)
        at time zone l.timezone
    )::date as date
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as l
),
groups as (
  select
    b.period,
    b.date,
    b.partial,
    count(l.id) as total,
    count(*) filter (where l.reached >= 2) as contacted,
    count(*) filter (where l.reached >= 3) as qualified,
    count(l.converted_at) as converted,
    shown(avg(minutes_between(l.created_at, l.contacted_at))::float8) as minutes,
    shown((avg(minutes_between(l.created_at, l.converted_at)) / 1440)::float8) as days,
    sum(l.revenue)::numeric(18, 2) as revenue,
    avg(l.revenue)::numeric(18, 2) as deal_value
  from buckets b
  left join counted l on l.period = b.period and l.date = b.date
  group by b.period, b.date, b.partial
),
answer as (
  select
    row_number() over (order by g.period, g.date) as place,
    g.period,
    g.date,
    g.total as total_leads,
    g.contacted as contacted_leads,
    g.qualified as qualified_leads,
    g.converted as converted_leads,
    percent(g.contacted, g.total) as contact_rate,
    percent(g.qualified, g.total) as qualification_rate,
    percent(g.converted, g.total) as conversion_rate,
    g.minutes as avg_time_to_contact_minutes,
    g.days as avg_days_to_convert,
    g.revenue as total_revenue,
    g.deal_value as avg_deal_value,
    g.partial,
    g.total as contact_rate_n,
    wilson_low(g.contacted, g.total) as contact_rate_low,
    wilson_high(g.contacted, g.total) as contact_rate_high,
    g.total as qualification_rate_n,
    wilson_low(g.qualified, g.total) as qualification_rate_low,
    wilson_high(g.qualified, g.total) as qualification_rate_high,
    g.total as conversion_rate_n,
    wilson_low(g.converted, g.total) as conversion_rate_low,
    wilson_high(g.converted, g.total) as conversion_rate_high
  from groups g
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
