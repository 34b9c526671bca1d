-- What became of each of these items? One call for a single write and for a batch: all at once, and
-- where that is refused, each half by itself, down to the items that are at fault. They come back
-- with the SQLSTATE and the constraint; the others are stored. Nothing else is caught: a deadlock
-- or an outage ends the whole call.
create or replace function store_items(kind text, items jsonb, at timestamptz)
returns table (index integer, inserted boolean, id uuid, sqlstate text, violated text)
language plpgsql as $$
#variable_conflict use_column
declare
  state text;
  constraint_broken text;
  message text;
  half jsonb;
begin
  begin
    case kind
      when 'leads' then
        return query select w.*, null::text, null::text from take_leads(items, at) as w;
      when 'events' then
        return query select w.*, null::text, null::text from record_events(items, at) as w;
      when 'agents' then
        return query select w.*, null::text, null::text from add_agents(items, at) as w;
      when 'skills' then
        return query select w.*, null::text, null::text from add_skills(items, at) as w;
      when 'spend' then
        return query select w.*, null::text, null::text from set_spend(items, at) as w;
    end case;
    return;
  exception when data_exception or integrity_constraint_violation then
    get stacked diagnostics
      state = returned_sqlstate, constraint_broken = constraint_name, message = message_text;
  end;

  if jsonb_array_length(items) = 1 then
    return query
    select
      (items #>> '{0,index}')::integer, false, null::uuid, state,
      -- Our own errors have the name in their message, as the Data API passes it on.
      coalesce(nullif(constraint_broken, ''), substring(message from 'constraint "([^"]+)"'));
    return;
  end if;
  -- An original before its duplicates, wherever they stand.
  for half in
    select jsonb_agg(i.item order by i.place)
    from (
      select
        e.item,
        row_number() over (
          order by e.item ->> 'duplicate_of' is not null, (e.item ->> 'index')::integer
        ) as place
      from jsonb_array_elements(items) as e (item)
    ) as i
    group by i.place <= jsonb_array_length(items) / 2
    order by min(i.place)
  loop
    return query select * from store_items(kind, half, at);
  end loop;
end
$$;
