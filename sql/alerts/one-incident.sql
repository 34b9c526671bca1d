-- How does this incident stand, which leads are behind it, and how did it go? A row for each of its
-- last 100 transitions, newest first: with a hundred ids each they are too large for one. As long
-- as it holds, its leads are those as of its last check.
select
  case when t.number = i.transitions then incident_json(i) end as incident,
  case
    when t.number < i.transitions then null
    when i.resolved_at is not null then to_json(i.lead_ids)
    else to_json(alert_lead_ids(r, i.split_value, true, i.checked_at))
  end as lead_ids,
  json_build_object(
    'number', t.number,
    'at', api_time(t.at),
    'transition', t.kind,
    'severity', t.severity,
    'acknowledged_by', t.acknowledged_by,
    'reason', t.reason,
    'value', round(t.value, 2),
    'threshold', trim_scale(t.threshold),
    'sample', t.sample,
    'leads', t.leads,
    'lead_ids', t.lead_ids
  ) as transition
from incidents i
join alert_rules r on r.id = i.rule_id
join incident_transitions t on t.incident_id = i.id
where i.id = :id::uuid
order by t.number desc
limit 100
