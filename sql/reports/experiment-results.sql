-- How do the arms of each experiment compare, over all counted leads assigned to it?
with outcomes as (
  select
    x.id as experiment_id,
    s.group_name,
    case x.primary_metric
      when 'conversion_rate' then l.converted_at is not null
      when 'response_rate' then l.contacted_at is not null
      when 'appointment_rate' then l.appointment_at is not null
      when 'qualified_rate' then l.qualified_at is not null
      when 'reply_rate' then l.responded_at is not null
      when 'dead_rate' then l.dead_at is not null
    end as success
  from lead_experiments x
  join lead_experiment_assignments s on s.experiment_id = x.id
  join report_leads(
    '-infinity', 'infinity', coalesce(:as_of::timestamptz, :now::timestamptz), 'created',
    null, null, null, null, 'counted', :viewer_agent_id::uuid
  ) as l on l.id = s.lead_id
),
counts as (
  select
    o.experiment_id,
    count(*) filter (where o.group_name = 'control') as control_n,
    count(*) filter (where o.group_name = 'control' and o.success) as control_x,
    count(*) filter (where o.group_name = 'treatment') as treatment_n,
    count(*) filter (where o.group_name = 'treatment' and o.success) as treatment_x
  from outcomes o
  group by o.experiment_id
),
answer as (
  select
    row_number() over (order by x.name collate "C", x.id) as place,
    'current' as period,
    x.name,
    x.primary_metric,
    coalesce(c.control_n, 0) as control_n,
    case when x.primary_metric <> 'time_to_contact' then percent(c.control_x, c.control_n) end
      as control_pct,
    coalesce(c.treatment_n, 0) as treatment_n,
    case when x.primary_metric <> 'time_to_contact' then percent(c.treatment_x, c.treatment_n) end
      as treatment_pct,
    case
      when x.primary_metric <> 'time_to_contact' then
        round(
          100 * (
            c.treatment_x::numeric * c.control_n / nullif(c.treatment_n * c.control_x, 0) - 1
          ), 2
        )::float8
    end as lift_pct
  from lead_experiments x
  left join counts c on c.experiment_id = x.id
)
select
  case
    when coalesce(a.place, 1) = 1 then json_build_object(
      'from', null,
      'to', null,
      'timezone', w.timezone,
      'as_of', api_time(coalesce(:as_of::timestamptz, :now::timestamptz)),
      'excluded', (
        select json_build_object(
          'test', count(*) filter (where l.is_test),
          'duplicate', count(*) filter (where not l.is_test)
        )
        from leads l
        where (l.is_test or l.duplicate_of is not null)
          and (:viewer_agent_id::uuid is null or l.assigned_agent_id = :viewer_agent_id::uuid)
          and exists (select from lead_experiment_assignments s where s.lead_id = l.id)
      )
    )
  end as about,
  a.*
from workspace w
left join answer a on a.place <= :rows::integer
order by a.place
