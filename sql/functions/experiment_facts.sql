-- What is known of these experiments, as of when? For each: how many people are in it, who of them
-- does not count, the order in which the arms came, what its looks found, how the arms compare, and
-- when it can be looked at next. Null ids: of all. Of one that is over the order is left out: it is
-- judged no more. `viewer`: an agent, who sees own leads alone, and of the whole nothing.
create or replace function experiment_facts(seen_as_of timestamptz, only_ids uuid[], viewer uuid)
returns table (experiment_id uuid, facts json)
language sql stable as $$
  with units as (
    select
      u.*,
      row_number() over (
        partition by u.experiment_id, u.reason is null order by u.assigned_at, u.lead_id
      ) as number
    from experiment_units(seen_as_of) as u
    where (only_ids is null or u.experiment_id = any (only_ids))
      and (viewer is null or u.agent_id = viewer)
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
      string_agg(case when u.treated then 'T' else 'C' end, '' order by u.assigned_at, u.lead_id)
        as arms
    from (
      select
        n.*,
        row_number() over (partition by n.experiment_id order by n.assigned_at, n.lead_id) as place
      from units n
    ) as u
    join lead_experiments x on x.id = u.experiment_id
    where u.place <= 30000 and x.status <> 'completed' and viewer is null
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
    where k.planned is not null
    group by k.experiment_id
  ),
  compared as (
    select o.experiment_id, json_agg(o.outcome order by o.place) as metrics
    from experiment_outcomes(seen_as_of, only_ids, viewer) as o
    group by o.experiment_id
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
        when x.status in ('running', 'paused') and viewer is null and n.needed is not null then
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
                      when x.status = 'running' and c.counted > 0 then
                        p.as_of + (p.as_of - p.started_at) / c.counted * (n.needed - c.counted)
                    end
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
    on d.experiment_id = x.id and d.reason is null and d.number = n.needed
$$;
