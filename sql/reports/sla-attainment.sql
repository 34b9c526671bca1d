-- How many leads were answered in time, of those whose time is up? A lead counts on the day on
-- which its time was up.
with counted as (
  select
    l.period,
    case when :by::text = 'source' then l.source end as source,
    case when :by::text = 'agent' then l.agent_id end as agent_id,
    case when :by::text = 'policy' then l.sla_policy_id end as sla_policy_id,
    l.sla_state
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, 'due',
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as l
),
groups as (
  select
    c.period,
    c.source,
    c.agent_id,
    c.sla_policy_id,
    count(*) filter (where c.sla_state <> 'excused') as due,
    count(*) filter (where c.sla_state = 'met') as met,
    count(*) filter (where c.sla_state = 'late') as late,
    count(*) filter (where c.sla_state = 'breached') as breached,
    count(*) filter (where c.sla_state = 'excused') as excused
  from counted c
  group by c.period, c.source, c.agent_id, c.sla_policy_id
),
answer as (
  select
    row_number() over (
      order by
        g.period, percent(g.met, g.due) nulls last, g.source collate "C" nulls last,
        a.first_name || ' ' || a.last_name collate "C" nulls last, g.agent_id nulls last,
        p.name collate "C" nulls last
    ) as place,
    g.period,
    g.source,
    g.due as due_leads,
    g.met as met_leads,
    g.late as late_leads,
    g.breached as breached_leads,
    percent(g.met, g.due) as attainment,
    g.agent_id,
    a.first_name || ' ' || a.last_name as agent_name,
    g.sla_policy_id,
    p.name as policy_name,
    g.excused as excused_leads,
    g.due as attainment_n,
    wilson_low(g.met, g.due) as attainment_low,
    wilson_high(g.met, g.due) as attainment_high
  from groups g
  left join agent_profiles a on a.id = g.agent_id
  left join sla_policies p on p.id = g.sla_policy_id
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, 'due', :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
