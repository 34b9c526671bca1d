-- Is the day's digest written, and which messages are to be published, where?
select written, unpublished, message, told
from write_digest(:scheduled_at::timestamptz, :most::integer)
