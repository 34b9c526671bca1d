-- Which leads do alerts look at, and how did each stand at a moment? Counted ones, and none that
-- was recorded more than a day after it came in: history that is brought in rings nobody. A lead
-- without a milestone by then is dead if it has any dead event by then: only a milestone revives.
create or replace function alert_leads(at timestamptz)
returns table (created_at timestamptz, contacted_at timestamptz, waiting boolean)
language sql stable as $$
  select
    l.created_at,
    case when l.first_contacted_at <= at then l.first_contacted_at end,
    coalesce(
      least(
        l.first_contacted_at, l.qualified_at, l.appointment_at, l.offer_at, l.closed_at, l.dead_at
      ) > at,
      true
    )
  from leads l
  where l.created_at <= at
    and not l.is_test
    and l.duplicate_of is null
    and l.recorded_at <= l.created_at + interval '24 hours'
$$;
