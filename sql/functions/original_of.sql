-- Is what this lead is a duplicate of an original? A duplicate of a duplicate, or a circle of two,
-- would take both out of every count. The original, null for a lead that is no duplicate, or an
-- error.
create or replace function original_of(lead leads) returns uuid
language plpgsql stable as $$
begin
  if lead.duplicate_of is not null and (
    exists (select from leads o where o.id = lead.duplicate_of and o.duplicate_of is not null)
    or exists (select from leads d where d.duplicate_of = lead.id)
  ) then
    raise check_violation using message =
      'lead violates check constraint "leads_duplicate_of_original"';
  end if;
  return lead.duplicate_of;
end
$$;
