-- What is the event after it was taken back?
select outcome, event
from void_event(
  :id::uuid, :by::text, :reason::text, :only_source::text, :viewer_agent_id::uuid,
  :corrected_by::text, :now::timestamptz
)
