-- What should the derived columns of these leads be? Each lead by a look-up of its own.
create or replace function derived_leads(lead_ids uuid[])
returns table (
  lead_id uuid,
  assigned_agent_id uuid,
  assigned_at timestamptz,
  quality_score text,
  qualification_reason jsonb,
  current_stage text,
  converted boolean,
  stated_value numeric,
  first_assigned_at timestamptz,
  first_contacted_at timestamptz,
  first_human_contact_at timestamptz,
  first_responded_at timestamptz,
  qualified_at timestamptz,
  appointment_at timestamptz,
  offer_at timestamptz,
  closed_at timestamptz,
  dead_at timestamptz,
  last_stage_event_at timestamptz
)
language sql stable as $$
  select
    l.id,
    f.assigned_agent_id,
    case when f.assigned_agent_id is not null then f.last_assigned_at end,
    f.score ->> 'quality_score',
    nullif(f.score -> 'qualification_reason', 'null'::jsonb),
    case
      when f.last_stage_event = 'dead' then 'dead'
      when f.closed_at is not null then 'closed'
      when f.offer_at is not null then 'offer'
      when f.appointment_at is not null then 'appointment'
      when f.qualified_at is not null then 'qualified'
      when f.first_contacted_at is not null then 'contacted'
      else 'new'
    end,
    f.closed_at is not null and f.last_stage_event <> 'dead',
    f.stated_value,
    f.first_assigned_at,
    f.first_contacted_at,
    f.first_human_contact_at,
    f.first_responded_at,
    f.qualified_at,
    f.appointment_at,
    f.offer_at,
    f.closed_at,
    f.dead_at,
    f.last_stage_event_at
  from unnest(lead_ids) as l (id)
  cross join lateral (
    select
      min(e.created_at) filter (where e.event_type = 'assigned' and e.agent_id is not null)
        as first_assigned_at,
      min(e.created_at) filter (where e.event_type = 'contacted') as first_contacted_at,
      min(e.created_at) filter (where e.event_type = 'contacted' and e.event_source = 'agent')
        as first_human_contact_at,
      min(e.created_at) filter (where e.event_type = 'responded') as first_responded_at,
      min(e.created_at) filter (where e.event_type = 'qualified') as qualified_at,
      min(e.created_at) filter (where e.event_type = 'appointment_scheduled') as appointment_at,
      min(e.created_at) filter (where e.event_type = 'offer_made') as offer_at,
      min(e.created_at) filter (where e.event_type = 'closed') as closed_at,
      min(e.created_at) filter (where e.event_type = 'dead') as dead_at,
      max(e.created_at) filter (where e.moves_stage) as last_stage_event_at,
      (array_agg(e.event_type order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.moves_stage))[1] as last_stage_event,
      (array_agg(e.agent_id order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.event_type = 'assigned'))[1] as assigned_agent_id,
      max(e.created_at) filter (where e.event_type = 'assigned') as last_assigned_at,
      (array_agg(e.details order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.event_type = 'scored'))[1] as score,
      (array_agg(e.value order by e.created_at desc, e.rank desc, e.id desc)
        filter (where e.event_type = 'closed' and e.value is not null))[1] as stated_value
    from (
      select v.*, event_rank(v.event_type) as rank, v.event_type in (
        'contacted', 'qualified', 'appointment_scheduled', 'offer_made', 'closed', 'dead'
      ) as moves_stage
      from lead_events v
      where v.lead_id = l.id and v.voided_at is null
    ) as e
  ) as f
$$;
