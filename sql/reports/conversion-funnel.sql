-- How far do leads get, and where do they die?
with stages (position, stage) as (
  values
    (1, 'new'), (2, 'contacted'), (3, 'qualified'), (4, 'appointment'), (5, 'offer'), (6, 'closed'),
    (7, 'dead')
),
standing as (
  select l.period, l.reached, l.is_dead, count(*) as leads
  from counted_leads(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text, :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as l
  group by l.period, l.reached, l.is_dead
),
counts as (
  select
    f.period,
    s.position,
    s.stage,
    coalesce(sum(g.leads) filter (
      where case s.stage
        when 'dead' then g.is_dead
        else not g.is_dead and g.reached = s.position
      end
    ), 0)::bigint as here,
    coalesce(sum(g.leads) filter (
      where case s.stage when 'dead' then g.is_dead else g.reached >= s.position end
    ), 0)::bigint as reached,
    coalesce(sum(g.leads) filter (where g.is_dead and g.reached = s.position), 0)::bigint as died,
    coalesce(sum(g.leads), 0)::bigint as total
  from report_frame(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :compare::text
  ) as f
  cross join stages s
  left join standing g on g.period = f.period
  group by f.period, s.position, s.stage
),
answer as (
  select
    row_number() over (order by c.period, c.position) as place,
    c.period,
    c.stage as current_stage,
    c.here as count,
    percent(c.here, c.total) as percentage,
    case when c.stage <> 'dead' then lag(c.reached) over before end as previous_stage_count,
    case when c.stage <> 'dead' then percent(c.reached, lag(c.reached) over before) end
      as conversion_from_previous,
    c.reached as reached_count,
    case when c.stage <> 'dead' then c.died end as died_here
  from counts c
  window before as (partition by c.period order by c.position)
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, :basis::text, :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
