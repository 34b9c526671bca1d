-- Of how many of these leads, and of how many corrections at most, is what a form sent gone because
-- it is older than it may be? Null: for ever.
create or replace function drop_raw_data(
  lead_ids uuid[], raw_before timestamptz, most integer
)
returns table (leads integer, corrections integer)
language plpgsql as $$
declare
  due uuid[];
begin
  -- In id order, as every writer locks leads.
  select array_agg(h.id) into due
  from (
    select l.id
    from leads l
    where l.id = any (lead_ids) and l.created_at < raw_before and l.raw_data is not null
    order by l.id
    for no key update
  ) as h;
  update leads l set raw_data = null, updated_at = clock_timestamp() where l.id = any (due);
  get diagnostics leads = row_count;

  update corrections c
  set before = jsonb_set(c.before, '{raw_data}', 'null')
  where c.id in (
    select o.id
    from corrections o
    where o.created_at < raw_before and o.kind = 'lead' and o.before ->> 'raw_data' is not null
    limit most
  );
  get diagnostics corrections = row_count;
  return next;
end
$$;
