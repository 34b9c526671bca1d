-- 100,000 leads of 30 days that nobody has called, of 20 sources and 50 agents, nine in ten
-- assigned; as many of the year before that were called within the hour; and 50 rules over them.
insert into agent_profiles (first_name, last_name)
select 'Agent', to_char(n, 'FM00')
from generate_series(1, 50) as n;

alter table leads disable trigger user;

insert into leads (
  source, created_at, recorded_at, sla_due_at, assigned_agent_id, assigned_at
)
select
  'source-' || n % 20, at, at, at + interval '2 hours',
  case when n % 10 > 0 then a.ids[1 + n % 50] end,
  case when n % 10 > 0 then at end
from (select array_agg(p.id) from agent_profiles p) as a (ids)
cross join generate_series(1, 100000) as n
cross join lateral (select timestamptz '2026-03-10 12:00Z' - n * interval '26 seconds') as t (at);

insert into leads (
  source, created_at, recorded_at, sla_due_at, first_contacted_at, first_human_contact_at,
  current_stage, last_stage_event_at
)
select
  'source-' || n % 20, at, at, at + interval '2 hours', at + interval '1 hour',
  at + interval '1 hour', 'contacted', at + interval '1 hour'
from generate_series(1, 100000) as n
cross join lateral (select timestamptz '2026-03-10 11:00Z' - n * interval '5 minutes') as t (at);

alter table leads enable trigger user;

delete from alert_rules;

insert into alert_rules (name, metric, split_by, window_hours, threshold)
select 'rule-' || row_number() over (order by r.metric, s.split_by, r.window_hours, r.threshold),
  r.metric, s.split_by, r.window_hours, r.threshold
from (
  select m.metric, w.window_hours, m.threshold
  from (
    values
      ('avg_response_hours', 2), ('p90_response_minutes', 60), ('sla_attainment', 90),
      ('contact_rate', 90), ('conversion_rate', 5), ('leads_received', 100000)
  ) as m (metric, threshold)
  cross join (values (24), (168)) as w (window_hours)
  union all
  select m.metric, null, m.threshold
  from (
    values ('breached_leads', 10), ('oldest_waiting_minutes', 60), ('oldest_waiting_minutes', 1440)
  ) as m (metric, threshold)
) as r
cross join (values (null), ('source'), ('agent')) as s (split_by)
union all
select 'silence-' || hours, 'source_silence_hours', 'source', null, hours
from generate_series(24, 120, 24) as hours;

vacuum analyze;
