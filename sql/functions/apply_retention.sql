-- What of it is older than it may be, as of a scheduled time, and is gone now? One step of a daily
-- walk: so many leads that have something to lose, oldest first, from the cursor on, and as many
-- rows of each other class.
-- `days` says how long each class is kept; a class that is not in it is kept for ever. No row: the
-- run for this time has ended. Two firings of it take turns, a step each: both walk the same way,
-- and who comes second finds nothing left to do.
create or replace function apply_retention(
  scheduled timestamptz, days jsonb, cursor_at timestamptz, cursor_id uuid, most integer
)
returns table (
  raw_data integer, people integer, request_keys integer, records integer, audit integer,
  more boolean, next_at timestamptz, next_id uuid
)
language plpgsql as $$
declare
  raw_before timestamptz := scheduled - make_interval(days => (days ->> 'raw_data')::integer);
  people_before timestamptz := scheduled - make_interval(days => (days ->> 'people')::integer);
  records_before timestamptz := scheduled - make_interval(days => (days ->> 'records')::integer);
  audit_before timestamptz := scheduled - make_interval(days => (days ->> 'audit')::integer);
  ended timestamptz;
  walked uuid[];
  due uuid[];
  corrected integer;
begin
  insert into job_runs (job, scheduled_at)
  values ('apply-retention', scheduled)
  on conflict (job, scheduled_at) do update
  set attempts = job_runs.attempts + (cursor_at is null)::integer
  returning finished_at into ended;
  if ended is not null then
    return;
  end if;

  select array_agg(w.id order by w.created_at, w.id), max(w.created_at)
  into walked, next_at
  from (
    -- Each by an index of its own: who was emptied in years of daily runs is not looked at again.
    (
      select l.id, l.created_at
      from leads l
      where l.raw_data is not null and l.created_at < raw_before
        and l.created_at >= coalesce(cursor_at, '-infinity')
        and (cursor_at is null or (l.created_at, l.id) > (cursor_at, cursor_id))
      order by l.created_at, l.id
      limit most
    )
    union
    (
      select l.id, l.created_at
      from leads l
      where l.erased_at is null and not l.converted and l.created_at < people_before
        and l.created_at >= coalesce(cursor_at, '-infinity')
        and (cursor_at is null or (l.created_at, l.id) > (cursor_at, cursor_id))
      order by l.created_at, l.id
      limit most
    )
    order by created_at, id
    limit most
  ) as w;
  next_at := coalesce(next_at, cursor_at);
  next_id := coalesce(walked[cardinality(walked)], cursor_id);

  select d.leads, d.corrections into raw_data, corrected
  from drop_raw_data(walked, raw_before, most) as d;

  -- Who did not buy, and of whom nothing was heard since.
  select array_agg(l.id) into due
  from leads l
  where l.id = any (walked)
    and l.created_at < people_before
    and l.erased_at is null
    and not l.converted
    and not exists (
      select
      from lead_events e
      where e.lead_id = l.id and e.created_at >= people_before
    );
  people := erase_leads(due, 'apply-retention', null, scheduled);

  select
    d.request_keys, d.records, d.audit,
    d.more or most <= any (array[cardinality(walked), corrected])
  into request_keys, records, audit, more
  from drop_records(scheduled, records_before, audit_before, most) as d;
  more := coalesce(more, false);
  return next;
end
$$;
