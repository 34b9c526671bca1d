-- What do all active rules say at a moment? A row for each rule, or for each source or agent it is
-- split by; `breaks` and `recovers` are both false where there is too little to tell. Leads are
-- read once for what came in, once for what waits, once for what is overdue and once for what was
-- due, however many rules there are; and added up once per `scope`, the metric and window that
-- rules share.
create or replace function alert_readings(at timestamptz)
returns table (
  rule_id uuid, split_value text, breaks boolean, recovers boolean, value numeric, sample bigint,
  leads bigint, waiting_leads bigint, since timestamptz
)
language plpgsql stable
-- Planned with the moment that is asked for: of an unknown one a third of all leads might wait, and
-- all that ever came are read, where an index has the few that do.
set plan_cache_mode = force_custom_plan
-- Sets of 100,000 leads in memory, and no time spent on compiling a statement that runs once. Of
-- how many leads a scope has nobody knows before: by hashing, two million pairs of both are added
-- up in half the time that it takes to sort them.
set work_mem = '64MB'
set jit = off
set enable_sort = off
-- Nor how many cells there are, and by nested loops each is held against each: 224 sources and
-- agents of 26 rules took 40 ms an hour.
set enable_nestloop = off
as $$
#variable_conflict use_column
declare
  came_from timestamptz;
  due_from timestamptz;
  asks_waiting boolean;
  asks_overdue boolean;
begin
  -- Known beforehand, so that the plan goes by how many leads there are since then.
  select
    min(at - s.age - make_interval(hours => coalesce(s.window_hours, 672)))
      filter (where s.reads = 'came'),
    min(at - make_interval(hours => s.window_hours)) filter (where s.reads = 'due'),
    coalesce(bool_or(s.reads = 'waiting'), false),
    coalesce(bool_or(s.reads = 'overdue'), false)
  into came_from, due_from, asks_waiting, asks_overdue
  from alert_scopes() as s;
  if exists (
    select from alert_rules r
    where r.active and r.metric = 'leads_received' and r.split_by is not null
  ) then
    came_from := least(came_from, at - interval '672 hours');
  end if;

  return query
  -- From and to when, worked out once and not for each of a million pairs of lead and scope.
  with scopes as materialized (
    select
      s.*,
      case
        when s.reads in ('waiting', 'overdue') then '-infinity'
        else at - s.age - make_interval(hours => coalesce(s.window_hours, 672))
      end as starts_at,
      at - s.age as ends_at
    from alert_scopes() as s
  ),
  came as materialized (
    select l.created_at, l.source, l.agent_id, l.minutes, l.waiting, l.reached, l.converted
    from alert_leads(at) as l
    where l.created_at > came_from
  ),
  seen (
    reads, placed_at, source, agent_id, minutes, waiting, reached, converted, sla_met
  ) as materialized (
    select
      'came', c.created_at, c.source, c.agent_id, c.minutes, c.waiting, c.reached, c.converted,
      null::boolean
    from came c
    union all
    select 'waiting', l.created_at, l.source, l.agent_id, l.minutes, true, null, null, null
    from alert_leads(at) as l
    where asks_waiting and l.waiting
    union all
    select 'overdue', l.sla_due_at, l.source, l.agent_id, null, l.waiting, null, null, null
    from alert_leads(at) as l
    where asks_overdue and l.overdue
    union all
    select 'due', l.sla_due_at, l.source, l.agent_id, null, l.waiting, null, null, l.sla_met
    from alert_leads(at) as l
    where l.sla_due_at > due_from and l.sla_due_at <= at and l.sla_met is not null
  ),
  cells as materialized (
    select
      s.scope,
      case when s.by_source then l.source else '' end as source,
      case when s.by_agent then l.agent_id else '' end as agent_id,
      count(*) as sample,
      count(*) filter (where l.waiting) as waiting_leads,
      min(l.placed_at) as oldest_at,
      case s.metric
        when 'avg_response_hours'
          then avg(l.minutes) filter (where s.metric = 'avg_response_hours') / 60
        when 'sla_attainment' then 100.0 * count(*) filter (where l.sla_met) / count(*)
        when 'contact_rate' then 100.0 * count(*) filter (where l.reached) / count(*)
        when 'conversion_rate' then 100.0 * count(*) filter (where l.converted) / count(*)
        when 'oldest_waiting_minutes' then minutes_between(min(l.placed_at), at)
        when 'p90_response_minutes' then null
        when 'source_silence_hours' then minutes_between(max(l.placed_at), at) / 60
        else count(*)
      end as value,
      count(*) filter (
        where case s.metric
          when 'avg_response_hours' then l.minutes > s.over_minutes
          when 'p90_response_minutes' then l.minutes > s.over_minutes
          when 'oldest_waiting_minutes' then l.minutes > s.over_minutes
          when 'sla_attainment' then not l.sla_met
          when 'contact_rate' then not l.reached
          when 'conversion_rate' then l.converted is not true
          else true
        end
      ) as leads,
      max(l.placed_at) as latest_at
    from scopes s
    join seen l
      on l.reads = s.reads
      and l.placed_at > s.starts_at
      and l.placed_at <= s.ends_at
      and (l.minutes is not null or not s.timed)
    group by
      s.scope, s.metric, s.over_minutes,
      case when s.by_source then l.source else '' end,
      case when s.by_agent then l.agent_id else '' end
  ),
  -- By themselves: to sort for them would sort everything.
  slowest as materialized (
    select
      s.scope,
      case when s.by_source then l.source else '' end as source,
      case when s.by_agent then l.agent_id else '' end as agent_id,
      percentile_cont(0.9) within group (order by l.minutes::float8)::numeric as value
    from scopes s
    join came l
      on l.created_at > s.starts_at
      and l.minutes is not null
    where s.metric = 'p90_response_minutes'
    group by 1, 2, 3
  ),
  recent as materialized (
    select c.source, c.agent_id
    from came c
    where c.created_at > at - interval '672 hours'
    group by c.source, c.agent_id
  ),
  rules as materialized (
    select r.*, s.scope, s.age
    from alert_rules r
    join scopes s on s.rule_ids @> array[r.id]
    where r.active
  ),
  expected as (
    select r.id as rule_id, null::text as split_value from rules r where r.split_by is null
    union
    select r.id, case r.split_by when 'source' then c.source else c.agent_id end
    from rules r
    join cells c on c.scope = r.scope
    where r.split_by is not null
      and (r.source is null or c.source = r.source)
      and (r.agent_id is null or c.agent_id = r.agent_id::text)
    union
    -- Of which nothing came, where something did before.
    select r.id, case r.split_by when 'source' then n.source else n.agent_id end
    from rules r
    cross join recent n
    where r.metric = 'leads_received' and r.split_by is not null
      and (r.source is null or n.source = r.source)
      and (r.agent_id is null or n.agent_id = r.agent_id::text)
    union
    select i.rule_id, i.split_value
    from incidents i
    join rules r on r.id = i.rule_id and r.split_by is not null
    where i.resolved_at is null
  ),
  known as (
    select
      r.*,
      e.split_value,
      -- For a source that is silent for longer than sources are watched, the lead it began with.
      case
        when r.metric = 'source_silence_hours' and c.scope is null then (
          select minutes_between(max(l.created_at), at) / 60
          from alert_leads(at) as l
          where l.source = coalesce(r.source, e.split_value)
        )
        when r.metric = 'p90_response_minutes' then p.value
        when r.metric in ('leads_received', 'breached_leads', 'oldest_waiting_minutes')
          then coalesce(c.value, 0)
        else c.value
      end as value,
      coalesce(c.sample, 0) as sample,
      -- Of nothing there is only what can be counted: none.
      c.scope is null or c.sample >= r.minimum_leads as is_enough,
      coalesce(c.leads, 0) as leads,
      coalesce(c.waiting_leads, 0) as waiting_leads,
      case
        when r.metric = 'source_silence_hours' then c.latest_at
        when r.window_hours is null then c.oldest_at
        else at - r.age - make_interval(hours => r.window_hours)
      end as since
    from expected e
    join rules r on r.id = e.rule_id
    left join cells c
      on c.scope = r.scope
      and c.source = coalesce(r.source, case r.split_by when 'source' then e.split_value end, '')
      and c.agent_id
        = coalesce(r.agent_id::text, case r.split_by when 'agent' then e.split_value end, '')
    left join slowest p
      on p.scope = c.scope and p.source = c.source and p.agent_id = c.agent_id
  )
  select
    k.id,
    k.split_value,
    k.is_enough
    -- A source is watched from five leads on; that it is silent no more, one tells.
    and (k.metric <> 'source_silence_hours' or k.sample >= 5)
    and case when k.bad_below then k.value < k.threshold else k.value > k.threshold end,
    k.is_enough
    and case
      when k.bad_below then k.value >= coalesce(k.recover_threshold, k.threshold)
      else k.value <= coalesce(k.recover_threshold, k.threshold)
    end,
    k.value,
    k.sample,
    k.leads,
    k.waiting_leads,
    coalesce(
      k.since,
      -- Silent for longer than sources are watched: since its last lead.
      case when k.metric = 'source_silence_hours' then at - k.value * interval '1 hour' end,
      at
    )
  from known k
  where k.value is not null;
end
$$;
