-- What becomes of the incidents at a scheduled time? One step at most for each rule and value it is
-- split by, with what was known then, and the message of whatever is told: all in one statement.
create or replace function advance_incidents(at timestamptz) returns bigint
language sql
set jit = off
as $$
  with open as materialized (
    select
      i.*,
      -- The index finds one in any state.
      case r.split_by
        when 'source' then
          case
            when not exists (
              select
              from leads l
              where l.source = i.split_value
                -- Of a source with none in 28 days none is expected: of a name that was mistyped
                -- once an incident would stay for good, and a hundred of them leave room for none.
                and (i.metric <> 'leads_received' or l.created_at > at - interval '28 days')
            ) then 'source_gone'
          end
        when 'agent' then
          case when i.split_value <> 'none' and not exists (
            select from agent_profiles a where a.id::text = i.split_value and a.active
          ) then 'agent_gone' end
      end as gone
    from incidents i
    join alert_rules r on r.id = i.rule_id
    where i.resolved_at is null
  ),
  readings as materialized (
    select g.*
    from alert_readings(at) as g
    join alert_rules r on r.id = g.rule_id
    -- What an agent who left still had is told by rules that are not split.
    where r.split_by is distinct from 'agent'
      or g.split_value = 'none'
      or exists (
        select from agent_profiles a where a.id::text = g.split_value and a.active
      )
  ),
  pairs as (
    select i.rule_id, i.split_value from open i
    union
    -- Anybody may send leads of any source: of one rule 100 are open at most, worst first.
    select n.rule_id, n.split_value
    from (
      select
        g.rule_id,
        g.split_value,
        row_number() over (partition by g.rule_id order by g.leads desc, g.split_value) as place
      from readings g
      where g.breaks and not exists (
        select
        from open i
        where i.rule_id = g.rule_id and i.split_value is not distinct from g.split_value
      )
    ) as n
    where n.place <= 100 - (select count(*) from open i where i.rule_id = n.rule_id)
  ),
  steps as materialized (
    select
      coalesce(i.id, uuidv7()) as incident_id,
      coalesce(i.transitions, 0) + 1 as number,
      i.id is null as is_new,
      i.opened_at,
      r as rule,
      p.split_value,
      g.rule_id is not null as is_read,
      coalesce(g.value, i.value) as value,
      coalesce(g.sample, i.sample) as sample,
      coalesce(g.leads, i.leads) as leads,
      coalesce(g.waiting_leads, i.waiting_leads) as waiting_leads,
      coalesce(g.since, i.since) as since,
      i.lead_ids as known_ids,
      i.severity as known_severity,
      case
        when not r.active then 'rule_off'
        when i.gone is not null then i.gone
        when g.recovers then 'recovered'
      end as over,
      case
        when i.id is null then 'opened'
        when not r.active or i.gone is not null or g.recovers then 'resolved'
        when array_position(s.ranks, r.severity) > array_position(s.ranks, i.severity)
          then 'escalated'
        -- Where there is too little to tell, old figures would be told for new.
        when i.acknowledged_at is null
          and g.rule_id is not null
          and at >= i.told_at + make_interval(hours => r.reminder_hours)
          then 'reminded'
      end as kind
    from pairs p
    join alert_rules r on r.id = p.rule_id
    cross join (values (array['info', 'warning', 'critical'])) as s (ranks)
    left join open i on i.rule_id = p.rule_id and i.split_value is not distinct from p.split_value
    left join readings g
      on g.rule_id = p.rule_id and g.split_value is not distinct from p.split_value
  ),
  -- Only for a step: what holds is read when somebody looks. What is over keeps what it had.
  facts as materialized (
    select
      s.*,
      case
        when s.kind is null or s.kind = 'resolved' or not s.is_read then s.known_ids
        else alert_lead_ids(s.rule, s.split_value, not s.is_new, at)
      end as lead_ids,
      case
        when s.is_new or s.kind = 'escalated' then (s.rule).severity
        else s.known_severity
      end as severity,
      s.kind is not null and s.kind <> 'resolved' as is_told_on
    from steps s
  ),
  opened as (
    insert into incidents (
      id, rule_id, split_value, metric, severity, opened_at, told_at, transitions, checked_at,
      value, threshold, sample, leads, waiting_leads, since, lead_ids
    )
    select
      f.incident_id, (f.rule).id, f.split_value, (f.rule).metric, f.severity, at, at, 1, at,
      f.value, (f.rule).threshold, f.sample, f.leads, f.waiting_leads, f.since, f.lead_ids
    from facts f
    where f.is_new
  ),
  went_on as (
    update incidents i
    set
      severity = f.severity,
      told_at = case when f.is_told_on then at else i.told_at end,
      transitions = case when f.kind is null then i.transitions else f.number end,
      -- What got worse wants somebody anew.
      acknowledged_at = case when f.kind = 'escalated' then null else i.acknowledged_at end,
      acknowledged_by = case when f.kind = 'escalated' then null else i.acknowledged_by end,
      resolved_at = case when f.kind = 'resolved' then at end,
      checked_at = case when f.is_read then at else i.checked_at end,
      value = f.value,
      threshold = (f.rule).threshold,
      sample = f.sample,
      leads = f.leads,
      waiting_leads = f.waiting_leads,
      since = f.since,
      lead_ids = f.lead_ids
    from facts f
    where i.id = f.incident_id and not f.is_new
  ),
  noted as (
    insert into incident_transitions (
      incident_id, number, at, kind, severity, reason, value, threshold, sample, leads, lead_ids
    )
    select
      f.incident_id, f.number, at, f.kind, f.severity,
      case when f.kind = 'resolved' then f.over end,
      f.value, (f.rule).threshold, f.sample, f.leads, f.lead_ids
    from facts f
    where f.kind is not null
    returning 1
  ),
  owed as (
    insert into alert_messages (
      id, rule, scheduled_at, metric, severity, incident_id, number, body
    )
    select
      f.incident_id || ':' || f.number, (f.rule).name, at, (f.rule).metric, f.severity,
      f.incident_id, f.number,
      alert_json(
        f.rule, f.incident_id, f.number, f.kind, f.severity, f.split_value, at,
        coalesce(f.opened_at, at), f.value, f.sample, f.leads, f.waiting_leads, f.since,
        case when f.kind = 'resolved' then f.over end
      )
    from facts f
    where f.kind is not null
    order by f.incident_id
  )
  select count(*) from noted
$$;
