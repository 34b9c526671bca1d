-- Is what this lead is a duplicate of an original? A duplicate of a duplicate, or a circle of two,
-- would take both out of every count. The original, null for a lead that is no duplicate, or an
-- error. It is held first and looked at in a later statement, so that it cannot become a duplicate
-- meanwhile. What is not `known_to` the caller is not there.
create or replace function original_of(lead leads, only_source text, viewer uuid)
returns uuid
language plpgsql as $$
begin
  perform from leads o where o.id = lead.duplicate_of for share;
  if exists (
    select
    from leads o
    where o.id = lead.duplicate_of and not known_to(o, only_source, viewer)
  ) then
    raise foreign_key_violation using message =
      'lead violates foreign key constraint "leads_duplicate_of_fkey"';
  end if;
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
