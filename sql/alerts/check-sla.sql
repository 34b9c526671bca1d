-- Which rules are broken as of the scheduled time, and which messages are to be published, where?
select rules, broken, unpublished, message, told
from check_sla(:scheduled_at::timestamptz, :most::integer)
