-- What people corrected: who, when, and what stood there before.

-- `before` holds the columns that changed, as they were, under the API's names and in its forms.
-- What stood there afterwards is in the subject itself, or in its next correction.
create table corrections (
  id uuid primary key,
  created_at timestamptz not null,
  -- The key's id.
  corrected_by text not null,
  kind text not null,
  -- No foreign key: the kind says whose id it is.
  subject_id uuid not null,
  before jsonb not null,

  constraint corrections_kind check (kind in ('lead', 'event', 'agent', 'skill', 'spend')),
  constraint corrections_before_form check (jsonb_typeof(before) = 'object' and before <> '{}'),
  -- With what stands beside it, a row of the Data API: 64 KB.
  constraint corrections_before_size check (octet_length(before::text) <= 61440)
);

create index idx_corrections_subject on corrections (subject_id, created_at, id);
create index idx_corrections_created_at on corrections (created_at, id);
