-- How does the API show a policy?
create or replace function sla_policy_json(p sla_policies) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      p.id,
      api_time(p.created_at) as created_at,
      api_time(p.updated_at) as updated_at,
      p.name,
      p.active,
      p.priority,
      p.source,
      p.quality_score,
      p.agent_id,
      p.target_minutes,
      p.human_only,
      p.working_hours,
      p.days_off
  ) as shown
$$;
