-- The seed's index on created_at, widened as the one on leads: all events are read page by page in
-- the order of (created_at, id), and one page must not sort them all.
drop index idx_lead_events_created_at;
create index idx_lead_events_created_at on lead_events (created_at, id);
