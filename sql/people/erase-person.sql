-- Which leads of this person were erased?
select found, lead_ids
from erase_person(
  :email::text, :phone::text, :most::integer, :caller::text, :reference::text, :now::timestamptz
)
