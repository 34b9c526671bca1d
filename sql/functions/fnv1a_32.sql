-- What is the 32-bit FNV-1a hash of these bytes? (Fowler, Noll, Vo: offset 2166136261, prime
-- 16777619.)
create or replace function fnv1a_32(bytes bytea) returns bigint
language plpgsql immutable strict parallel safe as $$
declare
  hash bigint := 2166136261;
begin
  for place in 0 .. length(bytes) - 1 loop
    hash := ((hash # get_byte(bytes, place)) * 16777619) & 4294967295;
  end loop;
  return hash;
end
$$;
