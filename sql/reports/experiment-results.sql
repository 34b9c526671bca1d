-- How do the arms of each experiment compare, over the people whose time is up? One that is over as
-- it ended, one that was not yet made not at all. What takes a test is computed from `facts`; an
-- agent sees own leads, and of the whole nothing.
with known as (
  select
    x.*,
    coalesce(:as_of::timestamptz, :now::timestamptz) as seen_as_of,
    experiment_status(x, coalesce(:as_of::timestamptz, :now::timestamptz)) as status_then,
    f.facts,
    f.facts -> 'people' -> 'assigned' as assigned,
    f.facts -> 'metrics' -> 0 as outcome
  from lead_experiments x
  join experiment_facts(
    coalesce(:as_of::timestamptz, :now::timestamptz), null, :viewer_agent_id::uuid, 'primary'
  ) as f on f.experiment_id = x.id
  where x.created_at <= coalesce(:as_of::timestamptz, :now::timestamptz)
),
arms as (
  select
    k.*,
    k.status_then = 'completed' as is_over,
    l.p_allowed,
    l.decision as recommended,
    k.primary_metric = 'time_to_contact' as is_time,
    (k.outcome #>> '{control,n}')::bigint as control_n,
    (k.outcome #>> '{control,x}')::bigint as control_x,
    (k.outcome #>> '{control,mean}')::float8 as control_mean,
    (k.outcome #>> '{treatment,n}')::bigint as treatment_n,
    (k.outcome #>> '{treatment,x}')::bigint as treatment_x,
    (k.outcome #>> '{treatment,mean}')::float8 as treatment_mean,
    (2 * (k.outcome ->> 'rank_sum')::float8)::bigint as doubled_rank_sum
  from known k
  -- The look it ended with.
  left join lateral (
    select o.p_allowed, o.decision
    from lead_experiment_looks o
    where o.experiment_id = k.id and o.taken_at <= k.seen_as_of and k.status_then = 'completed'
    order by o.look_no desc
    limit 1
  ) as l on true
),
answer as (
  select
    row_number() over (order by a.name collate "C", a.id) as place,
    'current' as period,
    a.name,
    a.primary_metric,
    a.control_n,
    case when not a.is_time then percent(a.control_x, a.control_n) end as control_pct,
    a.treatment_n,
    case when not a.is_time then percent(a.treatment_x, a.treatment_n) end as treatment_pct,
    case
      when a.is_time then
        round(
          (100 * (a.treatment_mean - a.control_mean) / nullif(a.control_mean, 0))::numeric, 2
        )::float8
      else
        round(
          100 * (
            a.treatment_x::numeric * a.control_n / nullif(a.treatment_n * a.control_x, 0) - 1
          ), 2
        )::float8
    end as lift_pct,
    a.id as experiment_id,
    a.status_then as status,
    (a.assigned ->> 'control')::bigint as control_assigned,
    (a.assigned ->> 'treatment')::bigint as treatment_assigned,
    (a.assigned ->> 'control')::bigint - a.control_n as control_pending,
    (a.assigned ->> 'treatment')::bigint - a.treatment_n as treatment_pending,
    case when a.is_time then round(a.control_mean::numeric, 2)::float8 end as control_minutes,
    case when a.is_time then round(a.treatment_mean::numeric, 2)::float8 end as treatment_minutes,
    case
      when not a.is_time then
        percent(
          a.treatment_x * a.control_n - a.control_x * a.treatment_n, a.treatment_n * a.control_n
        )
    end as difference_points,
    null::float8 as difference_points_low,
    null::float8 as difference_points_high,
    case when a.is_time then round((a.treatment_mean - a.control_mean)::numeric, 2)::float8 end
      as difference_minutes,
    null::float8 as difference_minutes_low,
    null::float8 as difference_minutes_high,
    -- Of all pairs, less those in which treatment took longer: Mann and Whitney's U.
    case
      when a.is_time then
        percent(
          2 * a.treatment_n * a.control_n + a.treatment_n * (a.treatment_n + 1)
            - a.doubled_rank_sum,
          2 * a.treatment_n * a.control_n
        )
    end as win_probability_pct,
    null::float8 as p_value,
    null::float8 as p_allowed,
    case when w.is_whole then percent(a.control_n + a.treatment_n, a.target_sample_size) end
      as information_pct,
    null::text as health,
    (a.facts #>> '{next_look,leads}')::bigint as next_look_leads,
    -- Nothing is looked at in the past: where enough are there the next evaluation looks.
    case
      when a.facts #>> '{next_look,at}' is not null then
        greatest((a.facts #>> '{next_look,at}')::timestamptz, a.seen_as_of)
    end as next_look_at,
    case
      when not (a.is_over and w.is_whole) then null
      -- Seen from before a person decided it is as it was recommended.
      when a.decided_at > a.seen_as_of then a.recommended
      else a.decision
    end as decision,
    case when a.is_over and w.is_whole then a.decision_code end as decision_code,
    case
      when a.is_over and w.is_whole then
        nullif(
          concat_ws(
            ' ',
            a.decision_reason,
            case
              when a.decided_at <= a.seen_as_of then
                format('Decided %s: ', a.decision) || a.decided_because
            end
          ),
          ''
        )
    end as decision_reason,
    json_build_object(
      'facts', a.facts,
      'is_whole', w.is_whole,
      'is_over', a.is_over,
      'p_allowed', a.p_allowed::float8,
      'decision_code', case when a.is_over then a.decision_code end,
      -- Those of its last evaluation: what an earlier one warned of is not kept.
      'warnings', case when a.evaluated_at <= a.seen_as_of then a.warnings else '{}' end,
      'plan', json_build_object(
        'traffic_split', a.traffic_split::float8,
        'target_sample_size', a.target_sample_size,
        'min_duration_days', a.min_duration_days,
        'max_duration_days', a.max_duration_days,
        'alpha', a.alpha::float8,
        'power', a.power::float8,
        'looks', a.looks,
        'min_effect', a.min_effect::float8,
        'baseline_rate', a.baseline_rate::float8
      )
    ) as facts
  from arms a
  cross join (select :viewer_agent_id::uuid is null as is_whole) as w
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
          and exists (
            select
            from lead_experiment_assignments s
            where s.lead_id = l.id
              and s.assigned_at <= coalesce(:as_of::timestamptz, :now::timestamptz)
          )
      )
    )
  end as about,
  a.*
from workspace w
left join answer a on a.place <= :rows::integer
order by a.place
