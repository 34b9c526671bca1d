-- Which leads have this e-mail address or this phone number, one more than `most` at the most?
create or replace function leads_of_person(email text, phone text, most integer) returns uuid[]
language sql stable as $$
  select array(
    select f.id
    from (
      select l.id
      from leads l
      where l.email_normalised = leads_of_person.email
      union
      select l.id
      from leads l
      where l.phone_normalised = leads_of_person.phone
      limit most + 1
    ) as f
  )
$$;
