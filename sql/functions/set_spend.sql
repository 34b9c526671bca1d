-- Which of these items change what their source cost, and which row holds each one's first day? An
-- item is {index, source, from, to, amount, by}: its amount is spread evenly over its days (`to` is
-- not one), a cent more on the first ones where it does not divide. It replaces what stood for
-- those days, which is kept as a correction; where items meet on a day, the later one stands.
create or replace function set_spend(items jsonb, at timestamptz)
returns table (index integer, inserted boolean, id uuid)
language plpgsql as $$
#variable_conflict use_column
declare
  today date := (select (at at time zone w.timezone)::date from workspace w);
  broken text := (
    select min(
      case
        when ("to" - "from" between 1 and 366) is not true then 'spend_days'
        when "to" - 1 > today + interval '1 year' then 'spend_not_far_ahead'
        when amount < 0 or amount = 'NaN' then 'source_spend_amount'
      end
    )
    from jsonb_to_recordset(items) as i ("from" date, "to" date, amount numeric)
  );
begin
  if broken is not null then
    raise check_violation using message = format('spend violates check constraint "%s"', broken);
  end if;

  -- One writer at a time: bills are few, what stood before is then known exactly, and batches that
  -- are written half by half wait for each other instead of ending in a deadlock.
  perform pg_advisory_xact_lock(hashtext('leadpulse set_spend'));

  return query
  with shares as (
    select
      i.index,
      i.by,
      i.source,
      i."from" + n as day,
      (
        (div(100 * i.amount, d.days) + (n < mod(100 * i.amount, d.days))::integer) / 100
      )::numeric(14, 2) as amount
    from jsonb_to_recordset(items) as i (
      index integer, source text, "from" date, "to" date, amount numeric(14, 2), by text
    )
    cross join lateral (select i."to" - i."from") as d (days)
    cross join generate_series(0, d.days - 1) as n
  ),
  -- What each share finds: the one of an earlier item, or what is stored, which is looked up one
  -- by one, as in take_leads.
  steps as (
    select
      s.*,
      k.id,
      k.amount as stored,
      lag(s.amount, 1, k.amount) over same_day as before,
      lag(at, 1, k.recorded_at) over same_day as told_before,
      lead(s.index) over same_day is null as stands
    from shares s
    left join lateral (
      select e.* from source_spend e where e.source = s.source and e.day = s.day limit 1
    ) as k on true
    window same_day as (partition by s.source, s.day order by s.index)
  ),
  written as (
    insert into source_spend (id, source, day, amount, recorded_at)
    select uuidv7(), s.source, s.day, s.amount, at
    from steps s
    where s.stands and s.amount is distinct from s.stored
    on conflict (source, day) do update
    set amount = excluded.amount, recorded_at = excluded.recorded_at
    returning id, source, day
  ),
  told as (
    select
      s.index,
      s.day,
      s.id,
      s.before is null as is_first,
      case
        when s.before <> s.amount then note_correction(
          'spend', s.id,
          jsonb_build_object('amount', s.before::text, 'recorded_at', api_time(s.told_before)),
          jsonb_build_object('amount', s.amount::text, 'recorded_at', api_time(at)),
          s.by, at
        )
      end as corrected
    from (
      select s.index, s.by, s.day, s.amount, s.before, s.told_before, coalesce(s.id, w.id) as id
      from steps s
      left join written w on w.source = s.source and w.day = s.day
      order by s.index
    ) as s
  )
  select
    t.index,
    bool_or(t.is_first or t.corrected is not null),
    (array_agg(t.id order by t.day))[1]
  from told t
  group by t.index
  order by t.index;
end
$$;
