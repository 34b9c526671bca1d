-- By when have these leads, which just came in, to be answered? Each gets the clock of the first
-- policy that fits. What is recorded more than a day after it came in is history, and has none.
create or replace function set_sla_clocks(lead_ids uuid[]) returns integer
language sql as $$
  with clocks as (
    insert into sla_clocks (lead_id, begins_at, quality_score, agent_id, policy_id, due_at)
    select l.id, l.created_at, l.quality_score, l.assigned_agent_id, p.policy_id, p.due_at
    from unnest(lead_ids) as n (id)
    join leads l on l.id = n.id
    left join lateral fitting_policy(l, l.created_at) as p on true
    where l.recorded_at <= l.created_at + interval '24 hours'
    order by l.id
    returning lead_id, policy_id, due_at
  ),
  running as (
    update leads l
    set sla_policy_id = p.id, sla_due_at = c.due_at, sla_human_only = p.human_only
    from clocks c
    join sla_policies p on p.id = c.policy_id
    where l.id = c.lead_id
    returning l.id
  )
  select count(*)::integer from running
$$;
