-- What is known of these experiments, as of when? For each: how many people are in it, who of them
-- does not count, the order in which the arms came, what its looks found, how the arms compare, and
-- when it can be looked at next. Null ids: of all. Of one that is over the order is left out: it is
-- judged no more. `viewer`: an agent, who sees own leads alone, and of the whole nothing.
-- `only_role`: the primary metric alone, or null. Of a metric are counted those whose time is up;
-- of minutes the rank sum of treatment, midranks for ties, and of up to 30 people each rank,
-- doubled.
create or replace function experiment_facts(
  seen_as_of timestamptz, only_ids uuid[], viewer uuid, only_role text
)
returns table (experiment_id uuid, facts json)
language sql stable as $$
  with units as (
    select
      u.*,
      row_number() over arrival as place,
      count(*) filter (where u.reason is null) over (arrival rows unbounded preceding) as counted
    from experiment_units(seen_as_of) as u
    where (only_ids is null or u.experiment_id = any (only_ids))
      and (viewer is null or u.agent_id = viewer)
    window arrival as (partition by u.experiment_id order by u.assigned_at, u.lead_id)
  ),
  people as (
    select
      u.experiment_id,
      count(*) filter (where u.reason is null) as counted,
      json_build_object(
        'assigned', json_build_object(
          'control', count(*) filter (where not u.treated and u.reason is null),
          'treatment', count(*) filter (where u.treated and u.reason is null)
        ),
        'excluded', json_build_object(
          'control',
            count(*) filter (where not u.treated and u.reason <> 'both_arms'),
          'treatment',
            count(*) filter (where u.treated and u.reason <> 'both_arms'),
          'test', count(*) filter (where u.reason = 'test'),
          'duplicate', count(*) filter (where u.reason = 'duplicate'),
          'contacted_before', count(*) filter (where u.reason = 'contacted_before'),
          'both_arms', count(*) filter (where u.reason = 'both_arms'),
          'repeat_leads', sum(u.leads - 1)
        )
      ) as counts
    from units u
    group by u.experiment_id
  ),
  -- 30,000 people: of a row of the Data API's 64 KB half.
  orders as (
    select
      u.experiment_id,
      string_agg(case when u.treated then 'T' else 'C' end, '' order by u.place) as arms
    from units u
    join lead_experiments x on x.id = u.experiment_id
    where u.place <= 30000
      and viewer is null
      and experiment_status(x, seen_as_of) <> 'completed'
    group by u.experiment_id
  ),
  ledgers as (
    select
      k.experiment_id,
      max(k.planned) as planned,
      json_agg(
        json_build_object(
          'planned', k.planned,
          'information', k.information::float8,
          'p_allowed', k.p_allowed::float8
        )
        order by k.look_no
      ) as looks
    from lead_experiment_looks k
    where k.planned is not null and k.taken_at <= seen_as_of
    group by k.experiment_id
  ),
  metrics as (
    select x.id as experiment_id, m.*
    from lead_experiments x
    cross join lateral experiment_metrics(x) as m
    where (only_ids is null or x.id = any (only_ids))
      and (only_role is null or m.role = only_role)
  ),
  watched as (
    select
      m.experiment_id,
      m.place,
      u.treated,
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
            greatest(
              0,
              coalesce(
                extract(epoch from u.contacted_at - u.assigned_at) / 60, m.window_hours * 60
              )
            ),
            m.window_hours * 60
          )
      end as minutes
    from metrics m
    join units u on u.experiment_id = m.experiment_id
    where u.reason is null
      and u.assigned_at + make_interval(hours => m.window_hours) <= u.as_of
  ),
  counts as (
    select
      w.experiment_id,
      w.place,
      w.treated,
      count(*) as n,
      count(*) filter (where w.success) as x,
      avg(w.minutes)::float8 as mean,
      var_samp(w.minutes)::float8 as variance
    from watched w
    group by w.experiment_id, w.place, w.treated
  ),
  ranked as (
    select
      w.experiment_id,
      w.place,
      w.treated,
      2 * rank() over (partition by w.experiment_id, w.place order by w.minutes)
        + count(*) over tie - 1 as doubled_rank,
      count(*) over tie as tied
    from watched w
    where w.minutes is not null
    window tie as (partition by w.experiment_id, w.place, w.minutes)
  ),
  ranks as (
    select
      r.experiment_id,
      r.place,
      (coalesce(sum(r.doubled_rank) filter (where r.treated), 0) / 2)::float8 as rank_sum,
      sum(r.tied::float8 ^ 2 - 1) as ties,
      case
        when count(*) <= 30 then json_agg(r.doubled_rank order by r.treated desc, r.doubled_rank)
      end as doubled_ranks
    from ranked r
    group by r.experiment_id, r.place
  ),
  compared as (
    select
      m.experiment_id,
      json_agg(
        json_build_object(
          'role', m.role,
          'metric', m.metric,
          'window_hours', m.window_hours,
          'margin', m.margin::float8,
          'control', json_build_object(
            'n', coalesce(c.n, 0), 'x', coalesce(c.x, 0), 'mean', c.mean, 'variance', c.variance
          ),
          'treatment', json_build_object(
            'n', coalesce(t.n, 0), 'x', coalesce(t.x, 0), 'mean', t.mean, 'variance', t.variance
          ),
          'rank_sum', r.rank_sum,
          'ties', r.ties,
          'doubled_ranks', r.doubled_ranks
        )
        order by m.place
      ) as metrics
    from metrics m
    left join counts c
      on c.experiment_id = m.experiment_id and c.place = m.place and not c.treated
    left join counts t on t.experiment_id = m.experiment_id and t.place = m.place and t.treated
    left join ranks r on r.experiment_id = m.experiment_id and r.place = m.place
    group by m.experiment_id
  )
  select
    x.id,
    json_build_object(
      'as_of', api_time(p.as_of),
      'started_at', api_time(p.started_at),
      'people', coalesce(
        c.counts,
        '{"assigned": {"control": 0, "treatment": 0}, "excluded": {"control": 0, "treatment": 0,
          "test": 0, "duplicate": 0, "contacted_before": 0, "both_arms": 0, "repeat_leads": 0}}'
      ),
      'arms', coalesce(o.arms, ''),
      'looks', coalesce(g.looks, '[]'),
      'metrics', m.metrics,
      'next_look', case
        when p.status in ('running', 'paused') and viewer is null and n.needed is not null then
          json_build_object(
            'leads', n.needed,
            'at', api_time(
              least(
                p.started_at + make_interval(days => x.max_duration_days),
                greatest(
                  p.started_at + make_interval(days => x.min_duration_days),
                  coalesce(
                    d.assigned_at,
                    case
                      when p.status = 'running' and c.counted > 0 then
                        p.as_of + (p.as_of - p.started_at) / c.counted * (n.needed - c.counted)
                    end,
                    -- At the longest duration the last look is taken with whatever is there.
                    'infinity'
                  ) + p.watched
                )
              )
            )
          )
      end
    )
  from lead_experiments x
  join compared m on m.experiment_id = x.id
  cross join lateral (
    select
      experiment_status(x, seen_as_of) as status,
      least(x.ended_at, seen_as_of) as as_of,
      coalesce(x.started_at, x.created_at) as started_at,
      make_interval(hours => coalesce(
        x.outcome_window_hours, experiment_window_hours(x.primary_metric)
      )) as watched
  ) as p
  left join people c on c.experiment_id = x.id
  left join orders o on o.experiment_id = x.id
  left join ledgers g on g.experiment_id = x.id
  cross join lateral (
    select ceil(x.looks[coalesce(g.planned, 0) + 1] * x.target_sample_size)::integer as needed
  ) as n
  left join units d
    on d.experiment_id = x.id and d.reason is null and d.counted = n.needed
$$;
