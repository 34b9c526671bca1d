-- Where between 0 and 1 does this value fall, in steps of 0.0001? GrowthBook's hash, version 2, so
-- that any of its clients computes the same: FNV-1a of seed and value, and once more of the decimal
-- digits of that. Text counts in UTF-8.
create or replace function experiment_bucket(seed text, value text) returns numeric
language sql immutable strict parallel safe as $$
  select (
    fnv1a_32(convert_to(fnv1a_32(convert_to(seed || value, 'UTF8'))::text, 'UTF8')) % 10000
  )::numeric / 10000
$$;
