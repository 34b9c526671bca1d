-- Which leads have something to lose, oldest first? What was emptied is in neither.
create index idx_leads_raw_data on leads (created_at, id) where raw_data is not null;
create index idx_leads_people on leads (created_at, id) where erased_at is null and not converted;
