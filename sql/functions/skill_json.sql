-- How does the API show a skill?
create or replace function skill_json(s lead_skills) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      s.id,
      api_time(s.created_at) as created_at,
      s.name,
      s.description,
      s.skill_type,
      s.status,
      api_time(s.activated_at) as activated_at,
      api_time(s.deprecated_at) as deprecated_at,
      (
        select count(distinct e.lead_id)
        from lead_events e
        where e.skill_id = s.id and e.voided_at is null
      ) as total_leads_processed,
      s.avg_improvement_lift::float8 as avg_improvement_lift,
      s.config,
      s.spawned_reason,
      s.spawned_by
  ) as shown
$$;
