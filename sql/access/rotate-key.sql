-- Which key takes the place of this one?
select key, first_id, replayed
from rotate_key(
  :id::text,
  :successor_id::text,
  :by::text,
  :request::jsonb,
  :now::timestamptz + make_interval(hours => :grace_hours::integer),
  :now::timestamptz
)
