-- A year of 100,000 leads, oldest first, the 300,000 events or so that happened to them, and what
-- their sources cost: the same each time but for the year's end, which is now. One in 33 leads is a
-- person who came 11 days before, and one in 20 has the number of the same office. Run as one
-- script.
select setseed(0.42);

insert into agent_profiles (first_name, last_name)
select 'Agent', to_char(n, 'FM00')
from generate_series(1, 25) as n;

create temporary table drawn as
select
  n,
  uuidv7(at - now()) as id,
  at,
  (array['zillow', 'google', 'facebook', 'website', 'referral', 'open-house', 'realtor', 'walk-in'])
    [1 + floor(8 * power(random(), 2))::integer] as source,
  case when random() < 0.6 then 'campaign-' || floor(20 * random()) end as campaign,
  random() < 0.01 as is_test,
  random() < 0.02 as is_duplicate,
  (array['A', 'B', 'C', 'D'])[1 + floor(4 * random())::integer] as score,
  1 + floor(25 * random())::integer as agent,
  random() as assigned,
  random() as scored,
  -- The lower, the further the lead gets.
  random() as luck,
  random() as life,
  case when n % 33 = 0 then n - 3000 else n end as person,
  -ln(1 - random()) * interval '90 minutes' as wait,
  -ln(1 - random()) * interval '9 days' as pace
from (
  select n, now() - interval '365 days' + n * interval '365 days' / 100000 as at
  from generate_series(1, 100000) as n
) as times;

insert into leads (
  id, created_at, recorded_at, email_normalised, phone_normalised, source, utm_campaign, is_test,
  duplicate_of
)
select
  d.id, d.at, d.at,
  case when d.n % 5 > 0 then 'person-' || d.person || '@example.com' end,
  '+1' || case when d.n % 20 = 7 then 4155550100 else 2000000000 + d.person end,
  d.source, d.campaign, d.is_test,
  case when d.is_duplicate then lag(d.id, 11) over (order by d.n) end
from drawn d
order by d.n;

create temporary table told as
select
  d.n, d.id as lead_id, d.at + e.after as at, e.event_type, e.source, e.agent_id, e.value, d.score
from drawn d
join (
  select id, row_number() over (order by last_name) as n from agent_profiles
) as a on a.n = d.agent
cross join lateral (
  values
    ('created', interval '0', 'automation', null::uuid, null::numeric, true),
    ('scored', interval '1 second', 'automation', null, null, d.scored < 0.55),
    ('assigned', interval '2 minutes' * d.life, 'automation', a.id, null, d.assigned < 0.6),
    ('contacted', interval '2 minutes' + d.wait, 'agent', a.id, null, d.luck < 0.6),
    ('qualified', d.wait + d.pace, 'agent', a.id, null, d.luck < 0.13),
    ('appointment_scheduled', d.wait + 2 * d.pace, 'agent', a.id, null, d.luck < 0.07),
    ('offer_made', d.wait + 3 * d.pace, 'agent', a.id, null, d.luck < 0.04),
    ('closed', d.wait + 4 * d.pace, 'agent', a.id, 5000 + floor(20000 * d.life), d.luck < 0.025),
    ('dead', d.wait + 5 * d.pace, 'agent', null, null, d.luck > 0.05 and d.life < 0.08)
) as e (event_type, after, source, agent_id, value, happened)
where e.happened and d.at + e.after < now();

-- In pieces, as they would have come in over the year.
do $$
begin
  for month in 0..19 loop
    insert into lead_events (
      id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, value, details
    )
    select
      uuidv7(t.at - now()), t.lead_id, t.at, t.at, t.event_type, t.source, t.agent_id, t.value,
      case when t.event_type = 'scored' then jsonb_build_object('quality_score', t.score) end
    from told t
    where t.n > month * 5000 and t.n <= (month + 1) * 5000
    order by t.at;
  end loop;
end
$$;

insert into lead_experiments (
  name, primary_metric, created_at, started_at, assigned_during, target_sample_size
)
select
  x.name, x.metric, x.at, x.at, tstzmultirange(tstzrange(x.at, null)), 20000
from (
  values
    ('quick-reply', 'response_rate', now() - interval '75 days'),
    ('second-call', 'conversion_rate', now() - interval '75 days')
) as x (name, metric, at);

insert into lead_experiment_assignments (
  lead_id, experiment_id, group_name, assigned_at, unit_id
)
select d.id, x.id, case when random() < 0.5 then 'control' else 'treatment' end, d.at, d.id
from drawn d
cross join lead_experiments x
where d.n > 80000;

-- What each source cost, day by day; two of them come for nothing.
insert into source_spend (source, day, amount)
select s.source, day::date, round((40 + 200 * random())::numeric, 2)
from (select distinct source from leads where source not in ('referral', 'walk-in')) as s
cross join generate_series(now() - interval '365 days', now(), interval '1 day') as day
order by day, s.source;

drop table drawn, told;

select refresh_lead_metrics(now());
