-- When are so many minutes of working time over, counted from a moment? `hours` null: around the
-- clock, but for the days off. Real minutes between the wall clock's hours: a day on which clocks
-- change is as long as it is. The end of an interval is still in time. Null where there is no such
-- moment within ten years.
create or replace function working_deadline(
  begins_at timestamptz, minutes integer, hours jsonb, days_off jsonb, timezone text
)
returns timestamptz
language plpgsql stable as $$
declare
  left_over interval := make_interval(mins => minutes);
  day date := (begins_at at time zone timezone)::date - 1;
  last_day date := day + 3660;
  opens timestamptz;
  closes timestamptz;
begin
  if hours is null and coalesce(jsonb_array_length(days_off), 0) = 0 then
    return begins_at + left_over;
  end if;
  while day < last_day loop
    if not days_off ? day::text then
      for opens, closes in
        select
          greatest(begins_at, (day + (i.span ->> 0)::time) at time zone timezone),
          (day + (i.span ->> 1)::time) at time zone timezone
        from jsonb_array_elements(
          case
            when hours is null then '[["00:00", "24:00"]]'
            else hours -> to_char(day, 'dy')
          end
        ) as i (span)
        order by i.span ->> 0
      loop
        if closes > opens then
          if opens + left_over <= closes then
            return opens + left_over;
          end if;
          left_over := left_over - (closes - opens);
        end if;
      end loop;
    end if;
    day := day + 1;
  end loop;
  return null;
end
$$;
