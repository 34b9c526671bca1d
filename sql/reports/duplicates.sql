-- Which leads look like someone who came before? Oldest first. The original is the first of the
-- whole chain, which is no duplicate of another: suggestions can be confirmed in any order.
with recursive twins as materialized (
  select
    w.id,
    w.created_at,
    nullif(btrim(concat_ws(' ', l.first_name, l.last_name)), '') as name,
    w.source,
    w.agent_id,
    t.id as matched_id,
    t.created_at as matched_created_at,
    t.original_id,
    t.matched_by
  from report_frame(
    :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, null
  ) as f
  cross join lateral report_leads(
    f.starts_at, f.ends_at, f.as_of, 'created', :source::text, :agent_id::text,
    :quality_score::text, :utm_campaign::text, 'counted', :viewer_agent_id::uuid
  ) as w
  join leads l on l.id = w.id
  cross join lateral earlier_twin(l, :viewer_agent_id::uuid) as t
),
suggested as (
  select t.*
  from twins t
  order by t.created_at, t.id
  limit :rows::integer
),
chains as (
  select s.id, s.original_id, 1 as steps
  from suggested s
  union all
  select c.id, t.original_id, c.steps + 1
  from chains c
  cross join lateral (select l from leads l where l.id = c.original_id limit 1) as o (lead)
  cross join lateral earlier_twin(o.lead, :viewer_agent_id::uuid) as t
),
originals as (
  select distinct on (c.id) c.id, c.original_id
  from chains c
  order by c.id, c.steps desc
),
answer as (
  select
    row_number() over (order by s.created_at, s.id) as place,
    'current' as period,
    s.id as lead_id,
    s.created_at,
    s.name,
    s.source,
    s.agent_id,
    a.first_name || ' ' || a.last_name as agent_name,
    o.id as original_id,
    o.created_at as original_created_at,
    nullif(btrim(concat_ws(' ', o.first_name, o.last_name)), '') as original_name,
    o.source as original_source,
    s.matched_by,
    s.matched_id as matched_lead_id,
    round(extract(epoch from s.created_at - s.matched_created_at) / 86400, 2)::float8
      as days_between,
    exists (
      select
      from leads d
      where d.duplicate_of = s.id and known_to(d, null, :viewer_agent_id::uuid)
    ) as has_duplicates
  from suggested s
  join originals c on c.id = s.id
  join leads o on o.id = c.original_id
  left join agent_profiles a on a.id = s.agent_id
)
select case when coalesce(a.place, 1) = 1 then r.about end as about, a.*
from report_about(
  :from::date, :to::date, :as_of::timestamptz, :now::timestamptz, 'created', :source::text,
  :agent_id::text, :quality_score::text, :utm_campaign::text, :viewer_agent_id::uuid
) as r
left join answer a on a.place <= :rows::integer
order by a.place
