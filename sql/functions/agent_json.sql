-- How does the API show an agent? With the open leads that would be left behind.
create or replace function agent_json(a agent_profiles) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      a.id,
      api_time(a.created_at) as created_at,
      api_time(a.updated_at) as updated_at,
      a.external_id,
      a.first_name,
      a.last_name,
      a.email,
      a.phone,
      a.team,
      a.active,
      a.identity_subject,
      (
        select count(*)
        from leads l
        where l.assigned_agent_id = a.id and l.current_stage not in ('closed', 'dead')
      ) as open_leads
  ) as shown
$$;
