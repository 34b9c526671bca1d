-- What would become of each of these items? They are written, looked at, and taken back: an error
-- ends the block they were written in, and what it learned outlives it.
create or replace function rehearse_items(kind text, items jsonb, at timestamptz)
returns table (
  index integer, inserted boolean, id uuid, sqlstate text, violated text, replayed boolean
)
language plpgsql as $$
declare
  outcomes jsonb;
begin
  begin
    select jsonb_agg(to_jsonb(w)) into outcomes from write_items(kind, items, at) as w;
    raise exception using errcode = 'LP001';
  exception when sqlstate 'LP001' then
    return query
    select o.*
    from jsonb_to_recordset(outcomes) as o (
      index integer, inserted boolean, id uuid, sqlstate text, violated text, replayed boolean
    );
  end;
end
$$;
