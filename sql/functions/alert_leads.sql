-- Which leads do alerts look at, and how did each stand at a moment? Counted ones, and none that
-- was recorded more than a day after it came in: history that is brought in rings nobody. A lead
-- without a milestone by then is dead if it has any dead event by then: only a milestone revives.
-- Whose person was erased waits no more: nobody is left to call. `overdue`: its time is up, nobody
-- has answered, and it is still to be saved. `sla_met` is null where it has no clock, is excused or
-- pending: what sla_state says, written out, since to call it for each of 100,000 leads took 3 s.
create or replace function alert_leads(at timestamptz)
returns table (
  id uuid, created_at timestamptz, source text, agent_id text, contacted_at timestamptz,
  waiting boolean, minutes numeric, reached boolean, converted boolean, sla_due_at timestamptz,
  overdue boolean, sla_met boolean, assigned_agent_id uuid
)
language sql stable as $$
  select
    l.id,
    l.created_at,
    l.source,
    coalesce(l.assigned_agent_id::text, 'none'),
    case when l.first_contacted_at <= at then l.first_contacted_at end,
    coalesce(
      least(
        l.first_contacted_at, l.qualified_at, l.appointment_at, l.offer_at, l.closed_at, l.dead_at
      ),
      'infinity'
    ) > at and l.erased_at is null,
    -- Until the first contact, or so far; null where it died or went on without one.
    case
      when l.first_contacted_at <= at then minutes_between(l.created_at, l.first_contacted_at)
      when coalesce(
        least(l.qualified_at, l.appointment_at, l.offer_at, l.closed_at, l.dead_at), 'infinity'
      ) > at then minutes_between(l.created_at, at)
    end,
    coalesce(
      least(l.first_contacted_at, l.qualified_at, l.appointment_at, l.offer_at, l.closed_at) <= at,
      false
    ),
    l.converted and l.closed_at <= at,
    l.sla_due_at,
    l.sla_due_at is not null
    and l.sla_due_at <= at
    -- To the letter what idx_leads_overdue_until holds: with sla_answered_at it is not found.
    and coalesce(
      least(
        case when l.sla_human_only then l.first_human_contact_at else l.first_contacted_at end,
        l.qualified_at, l.appointment_at, l.offer_at, l.closed_at,
        case when l.current_stage = 'dead' then l.dead_at end
      ),
      'infinity'
    ) > at
    and l.erased_at is null,
    case
      when c.contact_at <= l.sla_due_at and c.contact_at <= at then true
      when c.contact_at <= at then false
      when l.dead_at < l.sla_due_at and l.dead_at <= at then null
      when l.sla_due_at <= at then false
    end,
    l.assigned_agent_id
  from leads l
  cross join lateral (
    select sla_answered_at(
      l.sla_human_only, l.first_human_contact_at, l.first_contacted_at, l.qualified_at,
      l.appointment_at, l.offer_at, l.closed_at
    )
  ) as c (contact_at)
  where l.created_at <= at
    and not l.is_test
    and l.duplicate_of is null
    and l.recorded_at <= l.created_at + interval '24 hours'
$$;
