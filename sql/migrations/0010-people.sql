-- People's data: who was erased, and who erased or took out what.

-- When the person was erased; the lead stays, for the counts.
alter table leads add column erased_at timestamptz;

-- What a sender calls a lead or an event may be an e-mail address, so an erased one keeps only the
-- hash that `erased_id` makes, written out here: tables depend on no function of ours. The index
-- sees both forms as one, so that a sender's retry finds what is there before the erasure, after
-- it, and while it happens.
create unique index leads_external_id_once on leads (
  (
    case
      when external_id ~ '^erased:[0-9a-f-]{36}$' then external_id
      else 'erased:'
        || uuid_generate_v5('1b7fdc0a-52a9-5d0b-9f5e-0a4f5c8e7d21', external_id)::text
    end
  ),
  source
)
where external_id is not null;

create unique index lead_events_external_id_once on lead_events (
  lead_id,
  (
    case
      when external_id ~ '^erased:[0-9a-f-]{36}$' then external_id
      else 'erased:'
        || uuid_generate_v5('1b7fdc0a-52a9-5d0b-9f5e-0a4f5c8e7d21', external_id)::text
    end
  )
)
where external_id is not null;

-- Ids, never contents: one row for each lead of which a person was erased or taken out.
create table audit_log (
  id uuid primary key,
  created_at timestamptz not null,
  -- The key's id, or the job's name.
  caller text not null,
  action text not null,
  -- The team's own number of the request; no room for a name.
  reference text,
  -- No foreign key, as in `corrections`.
  lead_id uuid not null,

  constraint audit_log_action check (action in ('erase', 'export')),
  constraint audit_log_reference check (reference ~ '^[A-Za-z0-9#/._-]{1,40}$')
);

create index idx_audit_log_lead on audit_log (lead_id, created_at, id);
create index idx_audit_log_created_at on audit_log (created_at, id);
