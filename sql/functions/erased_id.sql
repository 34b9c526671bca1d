-- What stays of a sender's own id, which may be an e-mail address, when its person is erased? A
-- hash by which the same id is known again; one that was hashed stays as it is. Two indexes of
-- migration 0010 say the same.
create or replace function erased_id(external_id text) returns text
language sql immutable as $$
  select case
    when external_id ~ '^erased:[0-9a-f-]{36}$' then external_id
    else 'erased:'
      || uuid_generate_v5('1b7fdc0a-52a9-5d0b-9f5e-0a4f5c8e7d21', external_id)::text
  end
$$;
