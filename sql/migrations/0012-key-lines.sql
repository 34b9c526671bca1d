-- The first of the keys that took each other's place, this one last; null: it took nobody's. What
-- a request calls itself belongs to that first key, so that a retry after a rotation is still the
-- same request. Keys that were given out without it stay as they are: it is in what was signed.
alter table api_keys add column first_id text;
