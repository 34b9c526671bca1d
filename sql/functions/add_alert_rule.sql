-- What is this new rule, and did its request come before? An item is a rule's columns, with its id
-- already chosen, and what its request is called.
create or replace function add_alert_rule(item jsonb, at timestamptz)
returns table (rule json, replayed boolean)
language plpgsql as $$
declare
  is_known boolean := claim_request(item, at);
begin
  insert into alert_rules (
    id, created_at, updated_at, name, active, metric, source, agent_id, split_by, threshold,
    recover_threshold, window_hours, minimum_leads, severity, reminder_hours
  )
  select
    i.id, at, at, i.name, i.active, i.metric, i.source, find_agent(i.agent_id, null), i.split_by,
    i.threshold, i.recover_threshold, i.window_hours, i.minimum_leads, i.severity, i.reminder_hours
  from jsonb_populate_record(null::alert_rules, item) as i
  where not is_known;
  return query
    select alert_rule_json(r), is_known
    from alert_rules r
    where r.id = (item ->> 'id')::uuid;
end
$$;
