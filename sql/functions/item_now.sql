-- What does an item look like now, as the API shows it? Spend is many rows: those of the days that
-- the item names. Volatile, so that it sees what the same statement has written before.
create or replace function item_now(kind text, id uuid, item jsonb, at timestamptz) returns json
language plpgsql volatile as $$
begin
  case kind
    when 'leads' then
      return (
        select lead_json(l, (item ->> 'viewer_agent_id')::uuid, at)
        from leads l
        where l.id = item_now.id
      );
    when 'events' then
      return (select event_json(e) from lead_events e where e.id = item_now.id);
    when 'agents' then
      return (select agent_json(a) from agent_profiles a where a.id = item_now.id);
    when 'skills' then
      return (select skill_json(s) from lead_skills s where s.id = item_now.id);
    when 'spend' then
      return (
        select json_build_object(
          'source', i.source, 'from', i."from", 'to', i."to", 'amount', sum(s.amount)::text,
          'days', count(*)
        )
        from jsonb_to_record(item) as i (source text, "from" date, "to" date)
        join source_spend s on s.source = i.source and s.day >= i."from" and s.day < i."to"
        group by i.source, i."from", i."to"
      );
  end case;
end
$$;
