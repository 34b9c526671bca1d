-- What do a lead's events, as they stand now, make of the lead? A function of the set of events
-- that are not voided: the lock comes first and the reading in later statements, each with a
-- snapshot of its own, so that of two writers the second sees the first's events. The locks are
-- taken in id order, so that two batches cannot wait for each other; `no key` lets inserts that
-- refer to the lead pass (`for update` would deadlock with them).
create or replace function derive_leads(lead_ids uuid[]) returns integer
language plpgsql as $$
declare
  erased boolean;
  changed integer;
begin
  select bool_or(h.erased_at is not null) into erased
  from (
    select l.erased_at from leads l where l.id = any (lead_ids) order by l.id for no key update
  ) as h;

  -- Here, where every event comes by with its lead held: what is erased stays erased, whatever a
  -- sender goes on to send, and whoever was writing at that moment.
  if erased then
    perform empty_events(lead_ids);
  end if;

  -- Lead by lead, so that each look-up is bounded by one lead's events whatever the planner takes
  -- the tables for. While it thought one of them empty (analyzed in the middle of the first batch
  -- after a `truncate`), it read all intervals again for each event: 5,300 took minutes.
  update lead_events e
  set time_since_previous_event = i.since_previous, time_since_lead_created = i.since_created
  from unnest(lead_ids) as n (id)
  join leads l on l.id = n.id
  cross join lateral (
    select
      v.id,
      case
        when v.voided_at is null then v.created_at - lag(v.created_at) over (
          partition by v.voided_at is null
          order by v.created_at, event_rank(v.event_type), v.id
        )
      end as since_previous,
      case when v.voided_at is null then v.created_at - l.created_at end as since_created
    from lead_events v
    where v.lead_id = n.id
  ) as i
  where e.lead_id = n.id
    and e.id = i.id
    and (
      e.time_since_previous_event is distinct from i.since_previous
      or e.time_since_lead_created is distinct from i.since_created
    );

  update leads l
  set
    updated_at = clock_timestamp(),
    assigned_agent_id = d.assigned_agent_id,
    assigned_at = d.assigned_at,
    quality_score = d.quality_score,
    qualification_reason = d.qualification_reason,
    current_stage = d.current_stage,
    converted = d.converted,
    converted_at = case when d.converted then d.closed_at end,
    conversion_value = case when d.converted then d.stated_value end,
    first_assigned_at = d.first_assigned_at,
    first_contacted_at = d.first_contacted_at,
    first_human_contact_at = d.first_human_contact_at,
    first_responded_at = d.first_responded_at,
    qualified_at = d.qualified_at,
    appointment_at = d.appointment_at,
    offer_at = d.offer_at,
    closed_at = d.closed_at,
    dead_at = d.dead_at,
    last_stage_event_at = d.last_stage_event_at
  from derived_leads(lead_ids) d
  where l.id = d.lead_id
    and (
      l.assigned_agent_id, l.assigned_at, l.quality_score, l.qualification_reason,
      l.current_stage, l.converted_at, l.conversion_value, l.first_assigned_at,
      l.first_contacted_at, l.first_human_contact_at, l.first_responded_at, l.qualified_at,
      l.appointment_at, l.offer_at, l.closed_at, l.dead_at, l.last_stage_event_at
    ) is distinct from (
      d.assigned_agent_id, d.assigned_at, d.quality_score::char(1), d.qualification_reason,
      d.current_stage, case when d.converted then d.closed_at end,
      case when d.converted then d.stated_value end, d.first_assigned_at,
      d.first_contacted_at, d.first_human_contact_at, d.first_responded_at, d.qualified_at,
      d.appointment_at, d.offer_at, d.closed_at, d.dead_at, d.last_stage_event_at
    );
  get diagnostics changed = row_count;
  return changed;
end
$$;
