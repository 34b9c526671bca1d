-- What does every report say of itself: its days, its zone, its moment, and how many leads of the
-- window and filters it left out as tests or duplicates?
create or replace function report_about(
  from_day date, to_day date, seen_as_of timestamptz, at timestamptz, basis text,
  source text, agent_id text, quality_score text, utm_campaign text, viewer uuid
)
returns table (about json)
language sql stable rows 1 as $$
  select json_build_object(
    'from', f.first_day,
    'to', f.end_day,
    'timezone', f.timezone,
    'as_of', api_time(f.as_of),
    'excluded', json_build_object(
      'test', count(l.id) filter (where l.is_test),
      'duplicate', count(l.id) filter (where not l.is_test)
    )
  )
  from report_frame(from_day, to_day, seen_as_of, at, null) as f
  left join lateral report_leads(
    f.starts_at, f.ends_at, f.as_of, report_about.basis, report_about.source,
    report_about.agent_id, report_about.quality_score, report_about.utm_campaign, 'excluded',
    report_about.viewer
  ) as l on true
  group by f.first_day, f.end_day, f.timezone, f.as_of
$$;
