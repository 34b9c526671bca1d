-- What is left of the lead after its person was erased? Null: there is no such lead.
create or replace function erase_lead(
  lead_id uuid, caller text, reference text, at timestamptz
)
returns json
language plpgsql as $$
begin
  perform erase_leads(array[lead_id], caller, reference, at);
  return (select lead_json(l, null, at) from leads l where l.id = erase_lead.lead_id);
end
$$;
