-- Which of these leads, scored or assigned just now, have to be answered sooner? The first score or
-- agent that comes after intake sets the clock again, from that event on, and not from before the
-- lead came in: only to an earlier time, and only while the lead waits by its policy. Where that
-- asks for a person, a machine's contact ends nothing. A setting that does not win is kept, too.
create or replace function advance_sla_clocks(lead_ids uuid[]) returns integer
language sql as $$
  with touched as (
    select
      l as lead,
      greatest(
        l.created_at,
        case
          when c.quality_score is null and l.quality_score is not null then (
            select min(e.created_at)
            from lead_events e
            where e.lead_id = l.id and e.event_type = 'scored' and e.voided_at is null
          )
        end,
        case
          when c.agent_id is null and l.assigned_agent_id is not null then l.first_assigned_at
        end
      ) as begins_at,
      (c.quality_score is null and l.quality_score is not null)
        or (c.agent_id is null and l.assigned_agent_id is not null) as is_new
    from unnest(lead_ids) as n (id)
    join leads l on l.id = n.id
    cross join lateral (
      select k.quality_score, k.agent_id
      from sla_clocks k
      where k.lead_id = l.id
      order by k.id desc
      limit 1
    ) as c
    where l.current_stage <> 'dead'
      and sla_answered_at(
        coalesce(l.sla_human_only, false), l.first_human_contact_at, l.first_contacted_at,
        l.qualified_at, l.appointment_at, l.offer_at, l.closed_at
      ) is null
  ),
  clocks as (
    insert into sla_clocks (lead_id, begins_at, quality_score, agent_id, policy_id, due_at)
    select
      (t.lead).id, t.begins_at, (t.lead).quality_score, (t.lead).assigned_agent_id, p.policy_id,
      p.due_at
    from touched t
    left join lateral fitting_policy(t.lead, t.begins_at) as p on true
    where t.is_new
    order by (t.lead).id
    returning lead_id, policy_id, due_at
  ),
  sooner as (
    update leads l
    set sla_policy_id = p.id, sla_due_at = c.due_at, sla_human_only = p.human_only
    from clocks c
    join sla_policies p on p.id = c.policy_id
    where l.id = c.lead_id and (l.sla_due_at is null or c.due_at < l.sla_due_at)
    returning l.id
  )
  select count(*)::integer from sooner
$$;
