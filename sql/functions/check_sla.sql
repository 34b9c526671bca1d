-- Which rules are broken as of a scheduled time, and which messages are this run's to publish? The
-- incidents go on once for each scheduled time, and never back to an earlier one; but that somebody
-- tried what will be, ahead of its time, holds up no check. A row for each message, one without
-- where there is none.
create or replace function check_sla(scheduled timestamptz, most integer)
returns table (rules bigint, broken bigint, unpublished bigint, message json, told json)
language plpgsql as $$
declare
  is_first boolean;
begin
  -- Runs take turns here, up to the end of the call.
  perform pg_advisory_xact_lock(hashtext('leadpulse check-sla'));

  insert into job_runs as r (job, scheduled_at)
  values ('check-sla', scheduled)
  on conflict (job, scheduled_at) do update
  set
    attempts = r.attempts + 1,
    started_at = case
      when r.started_at < r.scheduled_at - interval '5 minutes' then clock_timestamp()
      else r.started_at
    end
  returning
    coalesce(old.started_at < scheduled - interval '5 minutes', true)
    and not exists (
      select
      from job_runs n
      where n.job = 'check-sla'
        and n.scheduled_at > scheduled
        and n.started_at >= n.scheduled_at - interval '5 minutes'
    )
  into is_first;

  if is_first then
    -- Held before they are read: nobody acknowledges one while it takes a step.
    perform from incidents i where i.resolved_at is null order by i.id for no key update;
    perform advance_incidents(scheduled);
  end if;

  return query
  select t.rules, t.broken, t.unpublished, l.body, l.told
  from (
    select
      (select count(*) from alert_rules a where a.active) as rules,
      (select count(distinct i.rule_id) from incidents i where i.resolved_at is null) as broken,
      (select count(*) from alert_messages m where m.published_at is null) as unpublished
  ) as t
  left join lease_alerts(most) as l on true;
end
$$;
