-- Who waits for an answer, longest and dearest first? Those whose time is up come before those who
-- have some left, and those before leads without a clock. No window: whom nobody reached stays.
with longest as (
  select w.*
  from report_frame(null, null, :as_of::timestamptz, :now::timestamptz, null) as f
  cross join lateral waiting_leads(
    f.as_of, :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text,
    :viewer_agent_id::uuid
  ) as w
  order by w.place
  limit :rows::integer
),
answer as (
  select
    w.place,
    'current' as period,
    w.id as lead_id,
    w.created_at,
    round(extract(epoch from w.age) / 60, 2)::float8 as waited_minutes,
    w.sla_state,
    w.sla_due_at,
    p.name as policy_name,
    w.estimated_value,
    w.source,
    w.quality_score,
    w.agent_id,
    a.first_name || ' ' || a.last_name as agent_name
  from longest w
  left join agent_profiles a on a.id = w.agent_id
  left join sla_policies p on p.id = w.sla_policy_id
)
select
  case when coalesce(a.place, 1) = 1 then r.about end as about,
  a.*
from (
  select json_build_object(
    'from', null,
    'to', null,
    'timezone', f.timezone,
    'as_of', api_time(f.as_of),
    'excluded', json_build_object(
      'test', count(l.id) filter (where l.is_test),
      'duplicate', count(l.id) filter (where not l.is_test)
    )
  ) as about
  from report_frame(null, null, :as_of::timestamptz, :now::timestamptz, null) as f
  left join lateral report_leads(
    '-infinity', 'infinity', f.as_of, 'created', :source::text, :agent_id::text,
    :quality_score::text, :utm_campaign::text, 'excluded', :viewer_agent_id::uuid
  ) as l on l.reached = 1 and not l.is_dead
  group by f.timezone, f.as_of
) as r
left join answer a on true
order by a.place
