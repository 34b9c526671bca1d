-- What became of this item, and what does it look like now?
select
  w.inserted,
  w.id,
  w.sqlstate,
  w.violated,
  w.replayed,
  item_now(:kind::text, w.id, :item::jsonb, :now::timestamptz) as item
from write_items(:kind::text, jsonb_build_array(:item::jsonb), :now::timestamptz) as w
