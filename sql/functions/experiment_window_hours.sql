-- How long after its assignment is a lead watched for this metric, where nobody says otherwise?
create or replace function experiment_window_hours(metric text) returns integer
language sql immutable as $$
  select case metric
    when 'response_rate' then 72
    when 'reply_rate' then 72
    when 'time_to_contact' then 24
    when 'conversion_rate' then 60 * 24
    else 30 * 24
  end
$$;
