-- Aggregated performance metrics, refreshed daily: one row per day of the zone, source, score and
-- agent, counted leads only. With the sums and their counts beside the seed's averages, so that any
-- roll-up of its rows is exact.
create materialized view lead_metrics as
select
  -- Time period
  (l.created_at at time zone (select w.timezone from workspace w))::date as date,

  -- Dimensions
  l.source,
  l.quality_score,
  l.assigned_agent_id,

  -- Volume metrics
  count(*) as total_leads,
  count(*) filter (where r.contacted) as contacted_leads,
  count(*) filter (where r.qualified) as qualified_leads,
  count(*) filter (where l.converted) as converted_leads,

  -- Conversion rates
  round(100.0 * count(*) filter (where r.contacted) / count(*), 2) as contact_rate,
  round(100.0 * count(*) filter (where r.qualified) / count(*), 2) as qualification_rate,
  round(100.0 * count(*) filter (where l.converted) / count(*), 2) as conversion_rate,

  -- Time metrics
  round(avg(r.contact_seconds) / 60, 2) as avg_time_to_contact_minutes,
  round(avg(r.convert_seconds) / 86400, 2) as avg_days_to_convert,

  -- Revenue metrics
  sum(l.conversion_value) as total_revenue,
  round(avg(l.conversion_value), 2) as avg_deal_value,

  -- What a roll-up needs
  sum(r.contact_seconds) as contact_seconds_sum,
  count(r.contact_seconds) as contact_seconds_n,
  sum(r.convert_seconds) as convert_seconds_sum,
  count(r.convert_seconds) as convert_seconds_n,
  count(l.conversion_value) as deal_value_n
from leads l
cross join lateral (
  select
    coalesce(l.first_contacted_at, l.qualified_at, l.appointment_at, l.offer_at, l.closed_at)
      is not null as contacted,
    coalesce(l.qualified_at, l.appointment_at, l.offer_at, l.closed_at) is not null as qualified,
    greatest(extract(epoch from l.first_contacted_at - l.created_at), 0)
      * case when l.first_contacted_at is not null then 1 end as contact_seconds,
    greatest(extract(epoch from l.converted_at - l.created_at), 0)
      * case when l.converted_at is not null then 1 end as convert_seconds
) as r
where not l.is_test and l.duplicate_of is null
group by 1, 2, 3, 4;

create unique index lead_metrics_key
  on lead_metrics (date, source, quality_score, assigned_agent_id) nulls not distinct;
create index idx_lead_metrics_date on lead_metrics (date);
create index idx_lead_metrics_source on lead_metrics (source);

-- When was the view refreshed, and as of when does it speak?
create table metric_refreshes (
  scheduled_at timestamptz not null,
  finished_at timestamptz not null default clock_timestamp(),
  constraint metric_refreshes_pkey primary key (scheduled_at)
);
