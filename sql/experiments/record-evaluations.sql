-- Which experiments were evaluated by this, and which messages are to be published, where?
select evaluated, ended, unpublished, message, told
from record_evaluations(:items::jsonb, :scheduled_at::timestamptz, :most::integer)
