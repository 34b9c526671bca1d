-- What is gone after one step of the walk through what is older than it may be?
select raw_data, people, request_keys, records, audit, more, next_at, next_id
from apply_retention(
  :scheduled_at::timestamptz, :days::jsonb, :cursor_at::timestamptz, :cursor_id::uuid,
  :most::integer
)
