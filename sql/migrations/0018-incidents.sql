-- Incidents: a rule that is broken is told once, and once more when it is over.

-- A rule may watch one source or agent, or each by itself; what it opened ends past another
-- threshold than it began; it may remind.
alter table alert_rules rename column enabled to active;
alter table alert_rules
  add column id uuid not null default uuidv7(),
  add column updated_at timestamptz not null default now(),
  -- Null: any. Agents are never deleted, and were looked up.
  add column source text,
  add column agent_id uuid,
  -- Null: one figure for all leads.
  add column split_by text,
  -- Null: the threshold.
  add column recover_threshold numeric,
  -- Null: never.
  add column reminder_hours integer,
  -- Which side of the threshold is bad.
  add column bad_below boolean not null generated always as (
    metric in ('sla_attainment', 'contact_rate', 'conversion_rate', 'leads_received')
  ) stored,
  drop constraint alert_rules_pkey,
  add constraint alert_rules_pkey primary key (id),
  add constraint alert_rules_name_key unique (name),
  drop constraint alert_rules_metric,
  add constraint alert_rules_metric check (
    metric in (
      'avg_response_hours', 'p90_response_minutes', 'sla_attainment', 'breached_leads',
      'oldest_waiting_minutes', 'contact_rate', 'conversion_rate', 'leads_received',
      'source_silence_hours'
    )
  ),
  drop constraint alert_rules_threshold,
  add constraint alert_rules_threshold check (
    case
      when not bad_below then threshold >= 0 and threshold < 'Infinity'
      when metric = 'leads_received' then threshold > 0 and threshold < 'Infinity'
      else threshold > 0 and threshold <= 100
    end
  ),
  drop constraint alert_rules_window,
  add constraint alert_rules_window check (
    case
      when metric in ('breached_leads', 'oldest_waiting_minutes', 'source_silence_hours')
        then window_hours is null
      else window_hours is not null and window_hours between 1 and 8760
    end
  ),
  drop constraint alert_rules_minimum_leads,
  add constraint alert_rules_minimum_leads check (
    case
      when metric in (
        'breached_leads', 'oldest_waiting_minutes', 'leads_received', 'source_silence_hours'
      ) then minimum_leads = 1
      else minimum_leads between 1 and 100000
    end
  ),
  add constraint alert_rules_recover_threshold check (
    case
      when bad_below then
        recover_threshold >= threshold
        and (recover_threshold <= 100 or metric = 'leads_received')
        and recover_threshold < 'Infinity'
      else recover_threshold between 0 and threshold
    end
  ),
  add constraint alert_rules_split_by check (split_by in ('source', 'agent')),
  add constraint alert_rules_split_of_one check (
    not (split_by = 'source' and source is not null)
    and not (split_by = 'agent' and agent_id is not null)
  ),
  add constraint alert_rules_silence_of_sources check (
    metric <> 'source_silence_hours'
    or (
      (source is not null or split_by is not distinct from 'source')
      and agent_id is null
      and split_by is distinct from 'agent'
    )
  ),
  add constraint alert_rules_reminder_hours check (reminder_hours between 1 and 720),
  add constraint alert_rules_source_normalised
    check (source = btrim(lower(source collate "C")));

alter table corrections
  drop constraint corrections_kind,
  add constraint corrections_kind check (
    kind in ('lead', 'event', 'agent', 'skill', 'spend', 'sla_policy', 'alert_rule')
  );

-- As long as a rule is broken, one; of a rule that is split, one for each source or agent.
create table incidents (
  id uuid primary key default uuidv7(),
  rule_id uuid not null,
  -- The source or the agent's id, 'none' for nobody's leads; null: the rule is not split.
  split_value text,
  metric text not null,
  -- The highest it had.
  severity text not null,
  opened_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  -- The last opening, escalation or reminder: the next one counts from here.
  told_at timestamptz not null,
  -- How many there were: the last one's number.
  transitions integer not null,
  -- As of the last check that found leads to tell by.
  checked_at timestamptz not null,
  value numeric not null,
  threshold numeric not null,
  sample bigint not null,
  leads bigint not null,
  waiting_leads bigint not null,
  since timestamptz not null,
  -- At most 100 of the leads behind it, longest first, as of its last step that was told.
  lead_ids uuid[] not null,

  constraint incidents_rule_id_fkey foreign key (rule_id) references alert_rules (id),
  constraint incidents_severity check (severity in ('info', 'warning', 'critical')),
  constraint incidents_acknowledged check (
    (acknowledged_at is null) = (acknowledged_by is null)
  )
);

create unique index incidents_one_open on incidents (rule_id, split_value)
  nulls not distinct where resolved_at is null;
create index idx_incidents_opened_at on incidents (opened_at, id);
create index idx_incidents_resolved_at on incidents (resolved_at) where resolved_at is not null;

-- How an incident went, each step with what was known then.
create table incident_transitions (
  incident_id uuid not null,
  number integer not null,
  at timestamptz not null,
  kind text not null,
  severity text not null,
  -- Who acknowledged; why it is resolved.
  acknowledged_by text,
  reason text,
  value numeric not null,
  threshold numeric not null,
  sample bigint not null,
  leads bigint not null,
  lead_ids uuid[] not null,

  constraint incident_transitions_pkey primary key (incident_id, number),
  constraint incident_transitions_incident_id_fkey
    foreign key (incident_id) references incidents (id) on delete cascade,
  constraint incident_transitions_kind
    check (kind in ('opened', 'acknowledged', 'escalated', 'reminded', 'resolved')),
  constraint incident_transitions_acknowledged
    check ((kind = 'acknowledged') = (acknowledged_by is not null)),
  constraint incident_transitions_reason check ((kind = 'resolved') = (reason is not null)),
  constraint incident_transitions_reasons
    check (reason in ('recovered', 'rule_off', 'source_gone', 'agent_gone'))
);

-- A message is a transition's: incident + ':' + number. What the hourly messages before have not
-- told yet, the incidents do that the next check opens.
delete from alert_messages where published_at is null;
alter table alert_messages
  drop constraint alert_messages_once,
  -- Null: of the time before there were incidents.
  add column incident_id uuid,
  add column number integer,
  add constraint alert_messages_once unique (incident_id, number);

-- Until when nobody has reached a lead, and until when one that is overdue is nobody's work done:
-- whoever waits at a moment is found without reading all that were answered before. The same words
-- stand in alert_leads.
create index idx_leads_waiting_until on leads (
  coalesce(
    least(first_contacted_at, qualified_at, appointment_at, offer_at, closed_at, dead_at),
    'infinity'
  )
);
create index idx_leads_overdue_until on leads (
  coalesce(
    least(
      case when sla_human_only then first_human_contact_at else first_contacted_at end,
      qualified_at, appointment_at, offer_at, closed_at,
      case when first_contacted_at > dead_at then null else dead_at end
    ),
    'infinity'
  )
) where sla_due_at is not null;
