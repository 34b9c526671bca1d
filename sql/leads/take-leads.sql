-- Which of these leads are new, and what does each look like now?
select index, inserted, lead
from take_leads(:items::jsonb, :now::timestamptz)
