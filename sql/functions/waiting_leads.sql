-- Who waits for an answer at a moment, longest and dearest first? Those whose time is up come
-- before those who have some left, and those before leads without a clock. No window: whom nobody
-- reached stays. `is_history`: recorded more than a day after it came in, as imports are.
create or replace function waiting_leads(
  as_of timestamptz, source text, agent_id text, quality_score text, utm_campaign text, viewer uuid
)
returns table (
  place bigint, id uuid, created_at timestamptz, age interval, sla_state text,
  sla_due_at timestamptz, sla_policy_id uuid, estimated_value numeric, source text,
  quality_score text, agent_id uuid, is_history boolean
)
language sql stable as $$
  select
    row_number() over (
      order by
        array_position(array['breached', 'pending'], w.sla_state) nulls last,
        w.age desc, lead.estimated_value desc nulls last, w.id
    ),
    w.id, w.created_at, w.age, w.sla_state, w.sla_due_at, w.sla_policy_id, lead.estimated_value,
    w.source, w.quality_score, w.agent_id,
    lead.recorded_at > lead.created_at + interval '24 hours'
  from report_leads(
    '-infinity', 'infinity', waiting_leads.as_of, 'created', waiting_leads.source,
    waiting_leads.agent_id, waiting_leads.quality_score, waiting_leads.utm_campaign, 'counted',
    waiting_leads.viewer
  ) as w
  join leads lead on lead.id = w.id
  -- Where only a person's contact counts, also whom a machine has reached.
  where not w.is_dead and (w.reached = 1 or w.sla_state in ('pending', 'breached'))
$$;
