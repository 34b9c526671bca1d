-- How does the API show a rule?
create or replace function alert_rule_json(r alert_rules) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      r.id,
      api_time(r.created_at) as created_at,
      api_time(r.updated_at) as updated_at,
      r.name,
      r.active,
      r.metric,
      r.source,
      r.agent_id,
      r.split_by,
      trim_scale(r.threshold) as threshold,
      trim_scale(r.recover_threshold) as recover_threshold,
      r.window_hours,
      r.minimum_leads,
      r.severity,
      r.reminder_hours
  ) as shown
$$;
