-- What is the rule after these changes? Its open incidents go by it from the next check on. No row:
-- there is no such rule.
create or replace function change_alert_rule(rule_id uuid, changes jsonb, at timestamptz)
returns table (rule json)
language plpgsql as $$
declare
  old alert_rules;
begin
  select r.* into old
  from alert_rules r
  where r.id = change_alert_rule.rule_id
  for no key update;

  update alert_rules r
  set
    updated_at = at,
    name = g.name,
    active = g.active,
    threshold = g.threshold,
    recover_threshold = g.recover_threshold,
    window_hours = g.window_hours,
    minimum_leads = g.minimum_leads,
    severity = g.severity,
    reminder_hours = g.reminder_hours
  from jsonb_populate_record(old, changes) as g
  where r.id = old.id and g is distinct from old;

  perform note_correction(
    'alert_rule', r.id, alert_rule_json(old)::jsonb, alert_rule_json(r)::jsonb, changes ->> 'by', at
  )
  from alert_rules r
  where r.id = old.id;

  return query select alert_rule_json(r) from alert_rules r where r.id = old.id;
end
$$;
