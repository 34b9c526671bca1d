-- How do the arms of each experiment compare in each of its metrics, over the people whose time is
-- up? Rates are counts; of minutes the rank sum of treatment, midranks for ties, and of up to 30
-- people each rank, doubled. `viewer`: an agent, whose own leads alone are taken.
create or replace function experiment_outcomes(
  seen_as_of timestamptz, only_ids uuid[], viewer uuid
)
returns table (experiment_id uuid, place bigint, outcome json)
language sql stable as $$
  with watched as (
    select
      u.experiment_id,
      m.place,
      m.role,
      m.metric,
      m.window_hours,
      m.margin,
      u.treated,
      u.assigned_at,
      case m.metric
        when 'response_rate' then u.contacted_at
        when 'conversion_rate' then u.converted_at
        when 'appointment_rate' then u.appointment_at
        when 'qualified_rate' then u.qualified_at
        when 'reply_rate' then u.responded_at
        when 'dead_rate' then u.dead_at
      end <= u.assigned_at + make_interval(hours => m.window_hours) as success,
      case
        when m.metric = 'time_to_contact' then
          least(
            coalesce(
              extract(epoch from u.contacted_at - u.assigned_at) / 60, m.window_hours * 60
            ),
            m.window_hours * 60
          )
      end as minutes
    from experiment_units(seen_as_of) as u
    join lead_experiments x on x.id = u.experiment_id
    cross join lateral experiment_metrics(x) as m
    where u.reason is null
      and u.assigned_at + make_interval(hours => m.window_hours) <= u.as_of
      and (only_ids is null or u.experiment_id = any (only_ids))
      and (viewer is null or u.agent_id = viewer)
  ),
  ranked as (
    select
      w.*,
      2 * rank() over (partition by w.experiment_id, w.place order by w.minutes)
        + count(*) over (partition by w.experiment_id, w.place, w.minutes) - 1 as doubled_rank,
      count(*) over (partition by w.experiment_id, w.place, w.minutes) as tied
    from watched w
  )
  select
    x.id,
    m.place,
    json_build_object(
      'role', m.role,
      'metric', m.metric,
      'window_hours', m.window_hours,
      'margin', m.margin::float8,
      'control', json_build_object(
        'n', count(r.treated) filter (where not r.treated),
        'x', count(*) filter (where not r.treated and r.success),
        'mean', avg(r.minutes) filter (where not r.treated)::float8,
        'variance', var_samp(r.minutes) filter (where not r.treated)::float8
      ),
      'treatment', json_build_object(
        'n', count(r.treated) filter (where r.treated),
        'x', count(*) filter (where r.treated and r.success),
        'mean', avg(r.minutes) filter (where r.treated)::float8,
        'variance', var_samp(r.minutes) filter (where r.treated)::float8
      ),
      'rank_sum', (sum(r.doubled_rank) filter (where r.treated) / 2)::float8,
      'ties', sum(r.tied::float8 ^ 2 - 1),
      'doubled_ranks', case
        when count(r.treated) <= 30 and m.metric = 'time_to_contact' then
          json_agg(r.doubled_rank order by r.treated desc, r.doubled_rank)
            filter (where r.treated is not null)
      end
    )
  from lead_experiments x
  cross join lateral experiment_metrics(x) as m
  left join ranked r on r.experiment_id = x.id and r.place = m.place
  where only_ids is null or x.id = any (only_ids)
  group by x.id, m.place, m.role, m.metric, m.window_hours, m.margin
$$;
