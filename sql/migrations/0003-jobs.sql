-- Jobs: what runs by the clock, the rules it checks, and the messages it owes.

-- One row per job and scheduled time, however often that time was fired.
create table job_runs (
  job text not null,
  scheduled_at timestamptz not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  attempts integer not null default 1,
  -- Counts, as the log has them; null while it runs, and where it broke off.
  outcome jsonb,

  constraint job_runs_pkey primary key (job, scheduled_at),
  constraint job_runs_attempts check (attempts > 0)
);

create index idx_job_runs_finished_at on job_runs (job, finished_at);

-- What must not happen. A rule is broken while its metric is above its threshold, with at least
-- so many leads behind it; the threshold is in the metric's own unit.
create table alert_rules (
  name text primary key,
  created_at timestamptz not null default now(),
  metric text not null,
  threshold numeric not null,
  window_hours integer,
  minimum_leads integer not null default 1,
  severity text not null default 'warning',
  enabled boolean not null default true,

  constraint alert_rules_name_form check (name ~ '^[a-z0-9][a-z0-9-]{0,49}$'),
  constraint alert_rules_metric check (metric in ('avg_response_hours', 'oldest_waiting_minutes')),
  constraint alert_rules_threshold check (threshold >= 0 and threshold < 'Infinity'),
  constraint alert_rules_window check (
    case metric
      when 'oldest_waiting_minutes' then window_hours is null
      else window_hours is not null and window_hours between 1 and 8760
    end
  ),
  constraint alert_rules_minimum_leads check (minimum_leads > 0),
  constraint alert_rules_severity check (severity in ('info', 'warning', 'critical'))
);

-- The seed's rule, and the one it needs beside it: a lead that drops out of the 24 hours without
-- an answer rings until someone calls.
insert into alert_rules (name, metric, threshold, window_hours, minimum_leads, severity)
values
  ('average-response', 'avg_response_hours', 2, 24, 5, 'warning'),
  ('oldest-waiting', 'oldest_waiting_minutes', 1440, null, 1, 'critical');

-- What is to be published: written with the verdict, in its transaction, and kept until SNS has it.
-- The body is text, not jsonb: a message that is sent again is the same message, byte for byte.
create table alert_messages (
  -- rule + ':' + scheduled time
  id text primary key,
  created_at timestamptz not null default clock_timestamp(),
  rule text not null,
  scheduled_at timestamptz not null,
  metric text not null,
  severity text not null,
  body json not null,
  attempts integer not null default 0,
  leased_until timestamptz,
  published_at timestamptz,

  constraint alert_messages_once unique (rule, scheduled_at),
  constraint alert_messages_attempts check (attempts >= 0)
);

create index idx_alert_messages_unpublished on alert_messages (scheduled_at, id)
  where published_at is null;

-- In which zone the view's days were counted: when the workspace's is another one, it is rebuilt.
alter table metric_refreshes add column timezone text;
