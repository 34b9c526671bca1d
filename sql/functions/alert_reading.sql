-- What does a rule's metric say at a moment? plpgsql, so that only that one is computed.
create or replace function alert_reading(rule alert_rules, at timestamptz)
returns table (value numeric, leads bigint, waiting_leads bigint, since timestamptz)
language plpgsql stable as $$
begin
  case rule.metric
    when 'avg_response_hours' then
      return query select * from avg_response_hours(rule.window_hours, at);
    when 'oldest_waiting_minutes' then
      return query select * from oldest_waiting_minutes(rule.threshold, at);
  end case;
end
$$;
