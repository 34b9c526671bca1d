-- What each source cost, day by day of the workspace's zone, in its currency. A bill of many days
-- is spread over them, so that any window has its share.
create table source_spend (
  id uuid primary key default uuid_generate_v4(),
  source text not null,
  day date not null,
  amount numeric(14, 2) not null,
  -- When this amount was told.
  recorded_at timestamptz not null default now(),

  constraint source_spend_source_day_key unique (source, day),
  constraint source_spend_source_normalised check (source = btrim(lower(source collate "C"))),
  constraint source_spend_amount check (amount >= 0 and amount <> 'NaN')
);

create index idx_source_spend_day on source_spend (day, id);
