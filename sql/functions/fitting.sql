-- Does this lead fit into a row of the Data API, 64 KB, with room for what stands beside it? The
-- lead, or an error under the name that the API's answer knows.
create or replace function fitting(lead json) returns json
language plpgsql immutable as $$
begin
  if octet_length(lead::text) > 61440 then
    raise check_violation using message = 'lead violates check constraint "leads_size"';
  end if;
  return lead;
end
$$;
