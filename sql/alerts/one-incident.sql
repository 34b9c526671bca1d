-- How does this incident stand, which leads are behind it, and how did it go? A row for each of its
-- last 100 transitions, newest first; a lead's id and a transition are too large for one row.
select
  case when t.number = i.transitions then incident_json(i) end as incident,
  case when t.number = i.transitions then to_json(i.lead_ids) end as lead_ids,
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
join incident_transitions t on t.incident_id = i.id
where i.id = :id::uuid
order by t.number desc
limit 100
