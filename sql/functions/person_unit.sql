-- What is a lead's person called in experiments? A digest of the phone number, else of the e-mail
-- address; who left neither is the lead.
create or replace function person_unit(lead_id uuid, email text, phone text) returns uuid
language sql immutable as $$
  select coalesce(
    uuid_generate_v5('6f0e6a5c-8f0b-5c2e-9d0a-3b1a7f3d2c44', coalesce(phone, email)),
    lead_id
  )
$$;
