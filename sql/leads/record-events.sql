-- Which of these events are new, and what does each look like now?
select index, inserted, event
from record_events(:items::jsonb, :now::timestamptz)
