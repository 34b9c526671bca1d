-- May the caller know of this lead? A key of one source knows that source's, an agent the own ones;
-- null: all. Whoever may not is told what an unknown id is told.
create or replace function known_to(l leads, only_source text, viewer uuid) returns boolean
language sql immutable as $$
  select
    coalesce(l.source = only_source, only_source is null)
    and coalesce(l.assigned_agent_id = viewer, viewer is null)
$$;
