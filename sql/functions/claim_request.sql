-- Did this request, of a single thing, come before under its `Idempotency-Key`? An error where its
-- key is another request's.
create or replace function claim_request(request jsonb, at timestamptz) returns boolean
language plpgsql as $$
declare
  is_known boolean;
  is_another boolean;
begin
  if request ->> 'idempotency_key' is null then
    return false;
  end if;
  select c.is_known, c.is_another into is_known, is_another
  from claim_keys(jsonb_build_array(request), at) as c;
  if is_another then
    raise integrity_constraint_violation using message =
      'another request violates constraint "idempotency_key_one_request"';
  end if;
  return is_known;
end
$$;
