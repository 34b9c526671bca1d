-- What experiments tell: a message beside those of incidents and the digest.

alter table alert_messages
  add column experiment_id uuid,
  add constraint alert_messages_experiment_id_fkey
    foreign key (experiment_id) references lead_experiments (id),
  drop constraint alert_messages_about,
  add constraint alert_messages_about check (
    case
      when num_nonnulls(day, experiment_id) = 0 then num_nulls(rule, metric, severity) = 0
      else
        num_nonnulls(day, experiment_id) = 1
        and num_nonnulls(rule, metric, severity, incident_id, number) = 0
    end
  );
create index idx_alert_messages_experiment on alert_messages (experiment_id)
  where experiment_id is not null;
