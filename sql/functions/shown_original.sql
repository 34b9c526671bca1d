-- Which original does a lead show? One that the viewer sees.
create or replace function shown_original(original_id uuid, viewer uuid) returns uuid
language sql stable as $$
  select case
    when viewer is null
      or exists (select from leads o where o.id = original_id and o.assigned_agent_id = viewer)
    then original_id
  end
$$;
