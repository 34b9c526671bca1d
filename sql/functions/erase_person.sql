-- Which leads had this e-mail address or this phone number until their person was erased just now?
-- More than `most` are the leads of an office's number, not of a person: `found` says so, and none
-- of them is touched.
create or replace function erase_person(
  email text, phone text, most integer, caller text, reference text, at timestamptz
)
returns table (found integer, lead_ids json)
language plpgsql as $$
declare
  ids uuid[] := leads_of_person(email, phone, most);
begin
  if cardinality(ids) <= most then
    perform erase_leads(ids, caller, reference, at);
  end if;
  return query
  select cardinality(ids), coalesce(json_agg(i.id order by i.id), '[]'::json)
  from unnest(ids) as i (id);
end
$$;
