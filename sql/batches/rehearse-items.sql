-- What would become of each of these items?
select w.index, w.inserted, w.id, w.sqlstate, w.violated, w.replayed
from rehearse_items(:kind::text, :items::jsonb, :now::timestamptz) as w
