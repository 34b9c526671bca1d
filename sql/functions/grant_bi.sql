-- What is the login of BI tools called, which reads and does nothing else? It sees the schema bi,
-- people only where that was asked for, and of the tables behind the reports the columns that tell
-- of nobody: so that the reports' own statements run as this login too. A column that comes later
-- is not among them until it is written down here. Its statements end after 30 seconds: what takes
-- longer holds up everybody else.
create or replace function grant_bi(username text, with_people boolean) returns text
language plpgsql as $$
declare
  setting text;
  columns text;
begin
  foreach setting in array array[
    'default_transaction_read_only = on',
    $value$statement_timeout = '30s'$value$,
    $value$idle_in_transaction_session_timeout = '60s'$value$
  ]
  loop
    execute format('alter role %I set %s', username, setting);
  end loop;
  execute format('alter role %I connection limit 20', username);
  execute format('grant usage on schema bi to %I', username);
  execute format('revoke all on all tables in schema bi from %I', username);
  execute format('grant select on all tables in schema bi to %I', username);
  if not with_people then
    execute format('revoke select on bi.people from %I', username);
  end if;
  foreach columns in array array[
    '(id, created_at, recorded_at, source, utm_source, utm_medium, utm_campaign, is_test,
      duplicate_of, assigned_agent_id, assigned_at, quality_score, current_stage, converted,
      converted_at, conversion_value, first_assigned_at, first_contacted_at,
      first_human_contact_at, first_responded_at, qualified_at, appointment_at, offer_at, closed_at,
      dead_at, last_stage_event_at, sla_policy_id, sla_due_at, sla_human_only) on leads',
    '(id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, skill_id, value,
      voided_at) on lead_events',
    '(id, first_name, last_name, team, active) on agent_profiles',
    '(id, name, skill_type, status) on lead_skills',
    'on source_spend, lead_metrics, metric_refreshes, workspace, sla_policies',
    'on lead_experiments, lead_experiment_assignments, lead_experiment_looks'
  ]
  loop
    execute format('grant select %s to %I', columns, username);
  end loop;
  return username;
end
$$;
