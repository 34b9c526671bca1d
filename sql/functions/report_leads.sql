-- Which leads does a window hold, and how did each stand at a moment? Written so that the planner
-- can inline it into a report. A lead's own columns hold for any moment after the last event that
-- moved its stage; only for an earlier one are its events read. `which`: counted, excluded,
-- counted,test, counted,duplicate or all. `viewer`: the agent whose own leads alone are taken.
create or replace function report_leads(
  starts_at timestamptz, ends_at timestamptz, as_of timestamptz, basis text,
  source text, agent_id text, quality_score text, utm_campaign text, which text,
  viewer uuid
)
returns table (
  id uuid,
  created_at timestamptz,
  age interval,
  source text,
  utm_campaign text,
  quality_score text,
  agent_id uuid,
  assigned_at timestamptz,
  is_test boolean,
  contacted_at timestamptz,
  human_contact_at timestamptz,
  responded_at timestamptz,
  qualified_at timestamptz,
  appointment_at timestamptz,
  dead_at timestamptz,
  reached integer,
  is_dead boolean,
  converted_at timestamptz,
  revenue numeric,
  has_early_event boolean,
  closed_without_contact boolean,
  sla_policy_id uuid,
  sla_due_at timestamptz,
  sla_state text
)
language sql stable as $$
  select
    l.id,
    l.created_at,
    report_leads.as_of - l.created_at,
    l.source,
    nullif(l.utm_campaign, ''),
    l.quality_score::text,
    l.assigned_agent_id,
    l.assigned_at,
    l.is_test,
    s.contacted_at,
    case when l.first_human_contact_at <= report_leads.as_of then l.first_human_contact_at end,
    case when l.first_responded_at <= report_leads.as_of then l.first_responded_at end,
    case when l.qualified_at <= report_leads.as_of then l.qualified_at end,
    case when l.appointment_at <= report_leads.as_of then l.appointment_at end,
    case when l.dead_at <= report_leads.as_of then l.dead_at end,
    s.reached,
    s.is_dead,
    case when s.reached = 6 and not s.is_dead then l.closed_at end,
    case
      when s.reached = 6 and not s.is_dead then
        case
          when l.last_stage_event_at <= report_leads.as_of then l.conversion_value
          else (
            select e.value
            from lead_events e
            where e.lead_id = l.id and e.voided_at is null and e.event_type = 'closed'
              and e.value is not null and e.created_at <= report_leads.as_of
            order by e.created_at desc, e.id desc
            limit 1
          )
        end
    end,
    exists (
      select
      from lead_events e
      where e.lead_id = l.id and e.voided_at is null and e.created_at < l.created_at
    ),
    s.reached = 6 and s.contacted_at is null,
    l.sla_policy_id,
    l.sla_due_at,
    sla_state(
      l.sla_due_at,
      l.is_test or l.duplicate_of is not null,
      sla_answered_at(
        l.sla_human_only, l.first_human_contact_at, l.first_contacted_at, l.qualified_at,
        l.appointment_at, l.offer_at, l.closed_at
      ),
      l.dead_at,
      report_leads.as_of
    )
  from leads l
  cross join lateral (
    select
      case when l.first_contacted_at <= report_leads.as_of then l.first_contacted_at end
        as contacted_at,
      case
        when l.closed_at <= report_leads.as_of then 6
        when l.offer_at <= report_leads.as_of then 5
        when l.appointment_at <= report_leads.as_of then 4
        when l.qualified_at <= report_leads.as_of then 3
        when l.first_contacted_at <= report_leads.as_of then 2
        else 1
      end as reached,
      case
        when l.dead_at is null or l.dead_at > report_leads.as_of then false
        when l.last_stage_event_at <= report_leads.as_of then l.current_stage = 'dead'
        else (
          select e.event_type = 'dead'
          from lead_events e
          where e.lead_id = l.id and e.voided_at is null and e.created_at <= report_leads.as_of
            and e.event_type in (
              'contacted', 'qualified', 'appointment_scheduled', 'offer_made', 'closed', 'dead'
            )
          order by e.created_at desc, event_rank(e.event_type) desc, e.id desc
          limit 1
        )
      end as is_dead
  ) as s
  where l.created_at <= report_leads.as_of
    -- Written so that each basis can use its index.
    and l.created_at
      >= case report_leads.basis when 'created' then report_leads.starts_at else '-infinity' end
    and l.created_at
      < case report_leads.basis when 'created' then report_leads.ends_at else 'infinity' end
    and (
      report_leads.basis <> 'due'
      or (
        -- Those whose time is up: of the others nobody can say how they will stand.
        l.sla_due_at >= report_leads.starts_at and l.sla_due_at < report_leads.ends_at
        and l.sla_due_at <= report_leads.as_of
      )
    )
    and (
      report_leads.basis <> 'converted'
      or (
        l.closed_at >= report_leads.starts_at and l.closed_at < report_leads.ends_at
        and s.reached = 6 and not s.is_dead
      )
    )
    and case report_leads.which
      when 'counted' then not l.is_test and l.duplicate_of is null
      when 'excluded' then l.is_test or l.duplicate_of is not null
      when 'counted,test' then l.duplicate_of is null
      when 'counted,duplicate' then not l.is_test
      else true
    end
    and (report_leads.source is null or l.source = report_leads.source)
    -- A form that fills in nothing sends a blank one, and a blank one asks for none.
    and (
      report_leads.utm_campaign is null
      or coalesce(l.utm_campaign, '') = report_leads.utm_campaign
    )
    and (
      report_leads.quality_score is null
      or l.quality_score = nullif(report_leads.quality_score, 'none')
      or (report_leads.quality_score = 'none' and l.quality_score is null)
    )
    and (
      report_leads.agent_id is null
      or l.assigned_agent_id = nullif(report_leads.agent_id, 'none')::uuid
      or (report_leads.agent_id = 'none' and l.assigned_agent_id is null)
    )
    and (report_leads.viewer is null or l.assigned_agent_id = report_leads.viewer)
$$;
