-- Which sources have gone silent by a moment, by the leads that `viewer` sees? Those with at least
-- 5 counted leads in the 28 days up to their last one, and none since for longer than 3 days and 5
-- times the mean gap in those days: of a source whose leads come steadily that happens by chance
-- less than once in 100 looks (e^-5).
create or replace function silent_sources(as_of timestamptz, viewer uuid)
returns table (source text, last_lead_at timestamptz, silent_days numeric, mean_gap_days numeric)
language sql stable as $$
  select e.source, e.last_lead_at, e.silent_days, 28.0 / r.leads
  from (
    select
      l.source,
      max(l.created_at) as last_lead_at,
      extract(epoch from silent_sources.as_of - max(l.created_at)) / 86400 as silent_days
    from leads l
    where l.created_at <= silent_sources.as_of and not l.is_test and l.duplicate_of is null
      and (silent_sources.viewer is null or l.assigned_agent_id = silent_sources.viewer)
    group by l.source
  ) as e
  cross join lateral (
    select count(*) as leads
    from leads l
    where l.source = e.source
      and l.created_at > e.last_lead_at - interval '672 hours'
      and l.created_at <= e.last_lead_at
      and not l.is_test and l.duplicate_of is null
      and (silent_sources.viewer is null or l.assigned_agent_id = silent_sources.viewer)
  ) as r
  where e.silent_days > 3 and r.leads >= 5 and e.silent_days * r.leads > 5 * 28
$$;
