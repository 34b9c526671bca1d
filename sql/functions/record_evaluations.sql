-- Which of these experiments were evaluated by this, and which messages are this run's to publish?
-- An item has what is wrong with its experiment, what there is to tell of it and, where it was
-- looked at as planned or ends, the result. One that was evaluated on this day of the workspace, or
-- is over, stays as it is: the job may run as often as it likes. A row for each message, one
-- without where there is none.
create or replace function record_evaluations(items jsonb, scheduled timestamptz, most integer)
returns table (evaluated integer, ended integer, unpublished bigint, message json, told json)
language plpgsql as $$
#variable_conflict use_column
declare
  item jsonb;
  experiment uuid;
  evaluated integer := 0;
  ended integer := 0;
  zone text := (select w.timezone from workspace w);
begin
  insert into job_runs as r (job, scheduled_at)
  values ('evaluate-experiments', scheduled)
  on conflict (job, scheduled_at) do update set attempts = r.attempts + 1;

  for item in select i.value from jsonb_array_elements(items) as i (value) order by i.value ->> 'id'
  loop
    experiment := (item ->> 'id')::uuid;
    update lead_experiments x
    set
      evaluated_at = scheduled,
      warnings = array(select jsonb_array_elements_text(item -> 'warnings'))
    where x.id = experiment
      and x.status in ('running', 'paused')
      and (
        x.evaluated_at is null
        or (x.evaluated_at at time zone zone)::date < (scheduled at time zone zone)::date
      );
    continue when not found;

    evaluated := evaluated + 1;
    if (item ->> 'ends')::boolean then
      ended := ended + 1;
      perform end_experiment(experiment, item -> 'result', scheduled);
    elsif item -> 'result' is not null then
      perform add_look(experiment, item -> 'result', scheduled);
    end if;
    -- Told once: that it ended, and each thing that is wrong with it.
    insert into alert_messages (id, scheduled_at, experiment_id, body)
    select m.body ->> 'id', scheduled, experiment, m.body
    from jsonb_array_elements(item -> 'messages') as m (body)
    on conflict (id) do nothing;
  end loop;

  update lead_skills s
  set total_leads_processed = n.leads
  from (
    select k.id, count(distinct e.lead_id) as leads
    from lead_skills k
    left join lead_events e on e.skill_id = k.id and e.voided_at is null
    group by k.id
  ) as n
  where s.id = n.id and s.total_leads_processed <> n.leads;

  -- Leases are given in turn with the check's.
  perform pg_advisory_xact_lock(hashtext('leadpulse check-sla'));
  return query
  select evaluated, ended, t.unpublished, l.body, l.told
  from (
    select count(*) as unpublished from alert_messages m where m.published_at is null
  ) as t
  left join lease_alerts(most) as l on true;
end
$$;
