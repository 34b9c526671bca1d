-- Which fields of a lead tell of its person? They go when the person is erased, and do not come
-- back.
create or replace function person_fields() returns text[]
language sql immutable as $$
  select array[
    'first_name', 'last_name', 'email', 'phone', 'email_normalised', 'phone_normalised',
    'property_address', 'property_city', 'property_state', 'property_zip', 'estimated_value',
    'mortgage_balance', 'referrer_url', 'raw_data', 'notes', 'qualification_reason'
  ]
$$;
