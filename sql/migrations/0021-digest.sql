-- The digest of a day: a message beside those of incidents, written once for each day.

alter table alert_messages
  alter column rule drop not null,
  alter column metric drop not null,
  alter column severity drop not null,
  -- The day of the workspace's zone on which it goes out; null: the message of a transition.
  add column day date,
  add constraint alert_messages_one_a_day unique (day),
  add constraint alert_messages_about check (
    case
      when day is null then num_nulls(rule, metric, severity) = 0
      else num_nonnulls(rule, metric, severity, incident_id, number) = 0
    end
  );
