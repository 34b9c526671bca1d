-- How does the API show an incident?
create or replace function incident_json(i incidents) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      i.id,
      case
        when i.resolved_at is not null then 'resolved'
        when i.acknowledged_at is not null then 'acknowledged'
        else 'open'
      end as status,
      i.rule_id,
      r.name as rule,
      i.metric,
      i.severity,
      case r.split_by when 'source' then i.split_value else r.source end as source,
      case r.split_by when 'agent' then i.split_value else r.agent_id::text end as agent_id,
      api_time(i.opened_at) as opened_at,
      api_time(i.acknowledged_at) as acknowledged_at,
      i.acknowledged_by,
      api_time(i.resolved_at) as resolved_at,
      api_time(i.checked_at) as checked_at,
      round(i.value, 2) as value,
      trim_scale(i.threshold) as threshold,
      i.sample,
      i.leads,
      i.waiting_leads,
      api_time(i.since) as since,
      i.transitions
    from alert_rules r
    where r.id = i.rule_id
  ) as shown
$$;
