-- Which messages are this run's to publish: the digest of the day among them, if it is due? It is
-- from half past seven on, by the clock of the workspace, once a day, and of no day before the
-- last one that had one. Where no lead came in before the day there is nothing to tell of. A row
-- for each message, one without where there is none.
create or replace function write_digest(scheduled timestamptz, most integer)
returns table (written integer, unpublished bigint, message json, told json)
language plpgsql as $$
declare
  zone text := (select w.timezone from workspace w);
  clock timestamp := scheduled at time zone zone;
  today date := clock::date;
  is_due boolean;
begin
  -- Runs take turns here, up to the end of the call.
  perform pg_advisory_xact_lock(hashtext('leadpulse send-digest'));

  insert into job_runs as r (job, scheduled_at)
  values ('send-digest', scheduled)
  on conflict (job, scheduled_at) do update set attempts = r.attempts + 1;

  is_due := clock::time >= '07:30'
    and exists (select from leads l where l.created_at < day_start(today, zone))
    and not exists (select from alert_messages m where m.day >= today);
  if is_due then
    -- What nobody could publish for a day is old news.
    delete from alert_messages m where m.day < today and m.published_at is null;
    insert into alert_messages (id, scheduled_at, day, body)
    values ('digest:' || today, scheduled, today, digest_json(scheduled));
  end if;

  -- Leases are given in turn with the check's, which need not wait for the digest to be written.
  perform pg_advisory_xact_lock(hashtext('leadpulse check-sla'));
  return query
  select is_due::integer, t.unpublished, l.body, l.told
  from (
    select count(*) as unpublished from alert_messages m where m.published_at is null
  ) as t
  left join lease_alerts(most) as l on true;
end
$$;
