-- Finding a lead by what another tool calls it, and by its person.

-- A file of deals names its leads by their external id alone, without the source: external id
-- first, one index serves both questions.
alter table leads
  drop constraint leads_source_external_id_key,
  add constraint leads_source_external_id_key unique (external_id, source);

-- Who has this phone or this e-mail address, and since when? With the id, the first of them is one
-- look-up also where an import gave the number of an office to thousands of leads at one moment.
create index idx_leads_phone on leads (phone_normalised, created_at, id)
  where phone_normalised is not null;
create index idx_leads_email on leads (email_normalised, created_at, id)
  where email_normalised is not null;
