-- Which key takes the place of this one?
select key
from rotate_key(
  :id::text,
  :successor_id::text,
  :by::text,
  :now::timestamptz + make_interval(hours => :grace_hours::integer),
  :now::timestamptz
)
