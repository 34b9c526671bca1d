-- How a source was read before somebody said otherwise is kept like what else is corrected.
alter table corrections
  drop constraint corrections_kind,
  add constraint corrections_kind check (
    kind in (
      'lead', 'event', 'agent', 'skill', 'spend', 'sla_policy', 'alert_rule', 'experiment',
      'hook_mapping'
    )
  );
