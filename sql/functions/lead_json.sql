-- How does the API show one lead? The list's form, and what a list leaves out for its size.
create or replace function lead_json(l leads, viewer uuid, at timestamptz) returns json
language sql stable as $$
  select (
    left(lead_summary(l, viewer, at)::text, -1)
    || ',"qualification_reason":' || coalesce(l.qualification_reason::text, 'null')
    || ',"raw_data":' || coalesce(l.raw_data::text, 'null')
    || ',"notes":' || coalesce(to_json(l.notes)::text, 'null')
    || ',"experiments":' || lead_experiments_json(l.id)
    || '}'
  )::json
$$;
