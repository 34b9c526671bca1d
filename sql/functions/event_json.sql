-- How does the API show an event?
create or replace function event_json(e lead_events) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      e.id,
      e.lead_id,
      api_time(e.created_at) as created_at,
      api_time(e.recorded_at) as recorded_at,
      e.external_id,
      e.event_type,
      e.event_source,
      e.agent_id,
      e.skill_id,
      e.value::text as value,
      e.details,
      extract(epoch from e.time_since_previous_event)::float8 as time_since_previous_event_seconds,
      extract(epoch from e.time_since_lead_created)::float8 as time_since_lead_created_seconds,
      api_time(e.voided_at) as voided_at,
      e.voided_by,
      e.void_reason
  ) as shown
$$;
