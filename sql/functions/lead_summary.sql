-- How does the API show a lead in a list, as of a moment? `viewer`: the agent who looks at it;
-- null: who sees all.
create or replace function lead_summary(l leads, viewer uuid, at timestamptz) returns json
language sql stable as $$
  select row_to_json(shown)
  from (
    select
      l.id,
      api_time(l.created_at) as created_at,
      api_time(l.recorded_at) as recorded_at,
      api_time(l.updated_at) as updated_at,
      l.external_id,
      l.first_name,
      l.last_name,
      l.email,
      l.phone,
      l.email_normalised,
      l.phone_normalised,
      l.property_address,
      l.property_city,
      l.property_state,
      l.property_zip,
      l.estimated_value::text as estimated_value,
      l.mortgage_balance::text as mortgage_balance,
      l.source,
      l.utm_source,
      l.utm_medium,
      l.utm_campaign,
      l.referrer_url,
      l.is_test,
      -- Few have one, and a call for each lead would slow a list down.
      case when l.duplicate_of is not null then shown_original(l.duplicate_of, viewer) end
        as duplicate_of,
      l.assigned_agent_id,
      api_time(l.assigned_at) as assigned_at,
      l.quality_score,
      l.current_stage,
      l.converted,
      api_time(l.converted_at) as converted_at,
      l.conversion_value::text as conversion_value,
      api_time(l.first_assigned_at) as first_assigned_at,
      api_time(l.first_contacted_at) as first_contacted_at,
      api_time(l.first_human_contact_at) as first_human_contact_at,
      api_time(l.first_responded_at) as first_responded_at,
      api_time(l.qualified_at) as qualified_at,
      api_time(l.appointment_at) as appointment_at,
      api_time(l.offer_at) as offer_at,
      api_time(l.closed_at) as closed_at,
      api_time(l.dead_at) as dead_at,
      l.sla_policy_id,
      api_time(l.sla_due_at) as sla_due_at,
      sla_state(
        l.sla_due_at,
        l.is_test or l.duplicate_of is not null,
        sla_answered_at(
          l.sla_human_only, l.first_human_contact_at, l.first_contacted_at, l.qualified_at,
          l.appointment_at, l.offer_at, l.closed_at
        ),
        l.dead_at,
        at
      ) as sla_state,
      api_time(l.erased_at) as erased_at
  ) as shown
$$;
