-- What do the active rules have to read? A scope for each metric, window and grouping that some of
-- them share, with how old a lead has to be: a day to be counted in the contact rate, 30 days in
-- the conversion rate. A window of null hours is 28 days where it is of what came in.
create or replace function alert_scopes()
returns table (
  scope bigint, metric text, window_hours integer, by_source boolean, by_agent boolean,
  over_minutes numeric, reads text, age interval, timed boolean, rule_ids uuid[]
)
language sql stable as $$
  select
    row_number() over (order by g.metric, g.window_hours, g.by_source, g.by_agent, g.over_minutes),
    g.metric,
    g.window_hours,
    g.by_source,
    g.by_agent,
    g.over_minutes,
    case g.metric
      when 'oldest_waiting_minutes' then 'waiting'
      when 'breached_leads' then 'overdue'
      when 'sla_attainment' then 'due'
      else 'came'
    end,
    case g.metric
      when 'contact_rate' then interval '24 hours'
      when 'conversion_rate' then interval '720 hours'
      else interval '0'
    end,
    g.metric in ('avg_response_hours', 'p90_response_minutes'),
    array_agg(g.id)
  from (
    select
      r.id,
      r.metric,
      r.window_hours,
      r.source is not null or r.split_by is not distinct from 'source' as by_source,
      r.agent_id is not null or r.split_by is not distinct from 'agent' as by_agent,
      case r.metric
        when 'avg_response_hours' then r.threshold * 60
        when 'p90_response_minutes' then r.threshold
        when 'oldest_waiting_minutes' then r.threshold
      end as over_minutes
    from alert_rules r
    where r.active
  ) as g
  group by g.metric, g.window_hours, g.by_source, g.by_agent, g.over_minutes
$$;
