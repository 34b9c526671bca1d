-- Which lead is meant? By id, or by the sender's own id, with the source where several sources have
-- one; also after its person was erased, as in known_lead. What is not `known_to` the caller is not
-- there. An error names the field.
create or replace function find_lead(
  lead_id uuid, lead_external_id text, lead_source text, only_source text, viewer uuid
)
returns uuid
language plpgsql stable as $$
declare
  found_ids uuid[];
begin
  if lead_external_id is null then
    select array_agg(l.id) into found_ids
    from leads l
    where l.id = find_lead.lead_id and known_to(l, only_source, viewer);
  else
    select array_agg(l.id) into found_ids
    from leads l
    where erased_id(l.external_id) = erased_id(find_lead.lead_external_id)
      and l.source = coalesce(lead_source, l.source)
      and known_to(l, only_source, viewer);
  end if;
  if found_ids is null or cardinality(found_ids) > 1 then
    raise foreign_key_violation using message = format(
      'unknown lead violates foreign key constraint "%s"',
      case
        when lead_external_id is null then 'lead_id_known'
        when found_ids is null then 'lead_external_id_known'
        else 'lead_external_id_one'
      end
    );
  end if;
  return found_ids[1];
end
$$;
