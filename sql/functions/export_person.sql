-- What do we hold about whoever has this e-mail address or this phone number? Their leads, then
-- what happened to these, what was corrected, and the experiments they were in; oldest first, from
-- the cursor on. Cut before the answer outgrows the Data API's 1 MiB: lengths are those of the text
-- inside a JSON answer. A first row alone says how many leads were `found` where nothing is left,
-- or where there are more than `most`: an office's number is no person. It is on record who asked.
create or replace function export_person(
  email text, phone text, most integer, cursor_place integer, cursor_at timestamptz,
  cursor_id uuid, caller text, reference text, at timestamptz
)
returns table (
  found integer, available bigint, place integer, created_at timestamptz, id uuid, item json
)
language plpgsql as $$
#variable_conflict use_column
declare
  ids uuid[] := leads_of_person(email, phone, most);
  several boolean := cardinality(ids) > most;
begin
  insert into audit_log (id, created_at, caller, action, reference, lead_id)
  select uuidv7(), at, export_person.caller, 'export', export_person.reference, i.id
  from unnest(ids) as i (id)
  where not several
  order by i.id;

  return query
  with held as (
    select 1 as place, l.created_at, l.id from leads l where l.id = any (ids)
    union all
    select 2, e.created_at, e.id from lead_events e where e.lead_id = any (ids)
    union all
    select 3, c.created_at, c.id
    from corrections c
    where c.subject_id = any (
      array(
        select unnest(ids)
        union all
        select e.id from lead_events e where e.lead_id = any (ids)
      )
    )
    union all
    select 4, a.assigned_at, a.id from lead_experiment_assignments a where a.lead_id = any (ids)
  ),
  page as (
    select h.*
    from held h
    where not several
      and (
        cursor_place is null
        or (h.place, h.created_at, h.id) > (cursor_place, cursor_at, cursor_id)
      )
    order by h.place, h.created_at, h.id
    limit 1001
  ),
  measured as (
    select
      p.*,
      shown.item,
      sum(octet_length(to_json(shown.item::text)::text) + 128) over (
        order by p.place, p.created_at, p.id
      ) as bytes,
      row_number() over (order by p.place, p.created_at, p.id) as number
    from page p
    cross join lateral (
      select case p.place
        when 1 then (select lead_json(l, null, at) from leads l where l.id = p.id)
        when 2 then (select event_json(e) from lead_events e where e.id = p.id)
        when 3 then (select correction_json(c, null) from corrections c where c.id = p.id)
        else (
          select json_build_object(
            'id', a.id, 'lead_id', a.lead_id, 'experiment', x.name, 'group_name', a.group_name,
            'assigned_at', api_time(a.assigned_at)
          )
          from lead_experiment_assignments a
          join lead_experiments x on x.id = a.experiment_id
          where a.id = p.id
        )
      end
    ) as shown (item)
  )
  select cardinality(ids), (select count(*) from page), m.place, m.created_at, m.id, m.item
  from (values (true)) as one (row)
  left join measured m on m.bytes < 900000 and m.number <= 1000
  order by m.place, m.created_at, m.id;
end
$$;
