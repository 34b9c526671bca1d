-- What do we hold about this person?
select found, available, place, created_at, id, item
from export_person(
  :email::text, :phone::text, :most::integer, :cursor_place::integer, :cursor_at::timestamptz,
  :cursor_id::uuid, :caller::text, :reference::text, :now::timestamptz
)
