-- Which of these skills are new, and which skill is each? An item is a skill's columns with its id
-- already chosen and `index`. A skill whose name is known is left as it is.
create or replace function add_skills(items jsonb, at timestamptz)
returns table (index integer, inserted boolean, id uuid)
language plpgsql as $$
#variable_conflict use_column
declare
  added uuid[];
begin
  with new_skills as (
    insert into lead_skills (
      id, created_at, name, description, skill_type, status, activated_at, config,
      spawned_reason, spawned_by
    )
    select
      s.id, at, s.name, s.description, s.skill_type,
      coalesce(s.status, 'testing'), case when s.status = 'active' then at end,
      nullif(s.config, 'null'::jsonb), s.spawned_reason, s.spawned_by
    from jsonb_array_elements(items) with ordinality as i (item, place)
    cross join lateral jsonb_populate_record(null::lead_skills, i.item) as s
    order by i.place
    on conflict do nothing
    returning id
  )
  select array_agg(n.id) into added from new_skills n;

  return query
  select
    i.index,
    s.id in (select unnest(added)) and row_number() over (partition by s.id order by i.index) = 1,
    s.id
  from jsonb_to_recordset(items) as i (index integer, id uuid, name text)
  cross join lateral (
    select coalesce((select k.id from lead_skills k where k.name = i.name), i.id)
  ) as s (id)
  order by i.index;
end
$$;
