-- What in the data looks wrong? What is looked for in every lead has its row in any case; agents
-- and sources have one where they stand out.
with frame as (
  select f.*
  from report_frame(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, null
  ) as f
),
groups as (
  select
    grouping(l.agent_id) = 0 as by_agent,
    grouping(l.source) = 0 as by_source,
    l.agent_id,
    l.source,
    count(*) as leads,
    count(*) filter (where l.has_early_event) as early,
    count(*) filter (where l.closed_without_contact) as closed_without_contact,
    count(*) filter (where l.quality_score is null) as unscored,
    count(*) filter (where l.agent_id is null) as unassigned,
    count(l.human_contact_at) as called
  from frame f
  cross join lateral report_leads(
    f.starts_at, f.ends_at, f.as_of, 'created', :source::text, :agent_id::text,
    :quality_score::text, :utm_campaign::text, 'counted', :viewer_agent_id::uuid
  ) as l
  group by grouping sets ((), (l.agent_id), (l.source))
),
findings as (
  select
    f.position,
    f.finding,
    null::text as source,
    null::uuid as agent_id,
    null::text as agent_name,
    f.leads,
    g.leads as total,
    null::timestamptz as last_lead_at,
    null::numeric as silent_days,
    null::numeric as mean_gap_days
  from groups g
  cross join lateral (
    values
      (1, 'events_before_creation', g.early),
      (2, 'closed_without_contact', g.closed_without_contact),
      (3, 'unscored', g.unscored),
      (4, 'unassigned', g.unassigned)
  ) as f (position, finding, leads)
  where not g.by_agent and not g.by_source
  union all
  select
    5, 'agent_contacts_every_lead', null, a.id, a.first_name || ' ' || a.last_name, g.called,
    g.leads, null, null, null
  from groups g
  join agent_profiles a on a.id = g.agent_id
  where g.by_agent and g.leads >= 20 and g.called = g.leads
  union all
  select
    6, 'source_silent', s.source, null, null, coalesce(g.leads, 0), coalesce(g.leads, 0),
    s.last_lead_at, s.silent_days, s.mean_gap_days
  from frame f
  cross join lateral silent_sources(f.as_of, :viewer_agent_id::uuid) as s
  left join groups g on g.by_source and g.source = s.source
  where :source::text is null or s.source = :source::text
),
answer as (
  select
    row_number() over (
      order by
        f.position, f.last_lead_at desc, f.leads desc, f.agent_name collate "C", f.agent_id,
        f.source collate "C"
    ) as place,
    'current' as period,
    f.finding,
    f.source,
    f.agent_id,
    f.agent_name,
    f.leads,
    f.total as total_leads,
    percent(f.leads, f.total) as percentage,
    f.last_lead_at,
    round(f.silent_days, 2)::float8 as silent_days,
    round(f.mean_gap_days, 2)::float8 as mean_gap_days
  from findings f
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, 'created', :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
