-- Which days does a report speak of, and as of when? One row, and a second one for the equally long
-- window before, seen at the same age: as of the same local time, that many days earlier.
create or replace function report_frame(
  from_day date, to_day date, seen_as_of timestamptz, at timestamptz, compare text
)
returns table (
  period text,
  first_day date,
  end_day date,
  timezone text,
  starts_at timestamptz,
  ends_at timestamptz,
  as_of timestamptz
)
language plpgsql stable rows 1 as $$
declare
  zone text := (select w.timezone from workspace w);
  today date := (at at time zone zone)::date;
  last_day date := coalesce(to_day, case when from_day > today then from_day else today end + 1);
  start_day date := coalesce(from_day, last_day - 30);
  moment timestamptz := coalesce(seen_as_of, at);
  days integer := last_day - start_day;
begin
  if last_day > (start_day + interval '5 years')::date then
    raise invalid_parameter_value using message =
      'window violates check constraint "report_window_length"';
  end if;
  return query values (
    'current', start_day, last_day, zone,
    day_start(start_day, zone), day_start(last_day, zone), moment
  );
  if compare = 'previous' then
    return query values (
      'previous', start_day - days, start_day, zone,
      day_start(start_day - days, zone), day_start(start_day, zone),
      ((moment at time zone zone) - make_interval(days => days)) at time zone zone
    );
  end if;
end
$$;
