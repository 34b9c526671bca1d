-- What does a message say of a transition? Version 2; core/alerts/message.ts has its schema.
create or replace function alert_json(
  rule alert_rules, incident_id uuid, number integer, transition text, severity text,
  split_value text, at timestamptz, opened_at timestamptz, value numeric, sample bigint,
  leads bigint, waiting_leads bigint, since timestamptz, reason text
)
returns json
language sql stable as $$
  select json_build_object(
    'version', 2,
    'id', incident_id || ':' || number,
    'incident', incident_id,
    'number', number,
    'transition', transition,
    'reason', reason,
    'rule', rule.name,
    'metric', rule.metric,
    'severity', severity,
    'source', case rule.split_by when 'source' then split_value else rule.source end,
    'agent_id', case rule.split_by when 'agent' then split_value else rule.agent_id::text end,
    'scheduled_at', api_time(at),
    'opened_at', api_time(opened_at),
    -- To the bad side: what is past the threshold reads so.
    'value', case
      when rule.bad_below then round(floor(value * 100) / 100, 2)
      else round(ceil(value * 100) / 100, 2)
    end,
    'threshold', trim_scale(rule.threshold),
    'recover_threshold', trim_scale(coalesce(rule.recover_threshold, rule.threshold)),
    'window_hours', rule.window_hours,
    'since', api_time(since),
    'sample', sample,
    'leads', leads,
    'waiting_leads', waiting_leads,
    'timezone', w.timezone
  )
  from workspace w
$$;
