-- Which leads are behind what a rule says at a moment, of one source or agent where it is split? At
-- most 100: who waits or is overdue, and what came in, longest ago first. What is open already is
-- kept so by those past the second threshold. plpgsql, so that each metric has a plan of its own,
-- which ends after its hundredth.
create or replace function alert_lead_ids(
  rule alert_rules, split_value text, is_open boolean, at timestamptz
)
returns uuid[]
language plpgsql stable
-- Planned with what is asked for: one agent's are few and found by their index.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  most constant integer := 100;
  only_source text := case rule.split_by when 'source' then split_value else rule.source end;
  only_agent uuid := case rule.split_by
    when 'agent' then nullif(split_value, 'none')::uuid
    else rule.agent_id
  end;
  only_nobody boolean := rule.split_by is not distinct from 'agent' and split_value = 'none';
  age interval := case rule.metric
    when 'contact_rate' then interval '24 hours'
    when 'conversion_rate' then interval '720 hours'
    else interval '0'
  end;
  ends_at timestamptz := at - age;
  starts_at timestamptz := ends_at - make_interval(hours => coalesce(rule.window_hours, 672));
  over_minutes numeric := case when is_open
      then coalesce(rule.recover_threshold, rule.threshold)
      else rule.threshold
    end
    * case rule.metric when 'avg_response_hours' then 60 else 1 end;
begin
  case rule.metric
    when 'oldest_waiting_minutes' then
      return array(
        select l.id
        from alert_leads(at) as l
        where l.waiting
          and l.minutes > over_minutes
          and (only_source is null or l.source = only_source)
          and (only_agent is null or l.assigned_agent_id = only_agent)
          and (not only_nobody or l.assigned_agent_id is null)
        order by l.created_at, l.id
        limit most
      );
    when 'breached_leads' then
      return array(
        select l.id
        from alert_leads(at) as l
        where l.overdue
          and (only_source is null or l.source = only_source)
          and (only_agent is null or l.assigned_agent_id = only_agent)
          and (not only_nobody or l.assigned_agent_id is null)
        order by l.sla_due_at, l.id
        limit most
      );
    when 'sla_attainment' then
      return array(
        select l.id
        from alert_leads(at) as l
        where l.sla_due_at > starts_at and l.sla_due_at <= at and not l.sla_met
          and (only_source is null or l.source = only_source)
          and (only_agent is null or l.assigned_agent_id = only_agent)
          and (not only_nobody or l.assigned_agent_id is null)
        order by l.sla_due_at, l.id
        limit most
      );
    when 'source_silence_hours' then
      return array(
        select l.id
        from alert_leads(at) as l
        where l.created_at > starts_at and l.source = only_source
        order by l.created_at desc, l.id desc
        limit most
      );
    else
      return array(
        select l.id
        from alert_leads(at) as l
        where l.created_at > starts_at and l.created_at <= ends_at
          and (only_source is null or l.source = only_source)
          and (only_agent is null or l.assigned_agent_id = only_agent)
          and (not only_nobody or l.assigned_agent_id is null)
          and case rule.metric
            when 'contact_rate' then not l.reached
            when 'conversion_rate' then l.converted is not true
            when 'leads_received' then true
            else l.minutes > over_minutes
          end
        order by l.created_at, l.id
        limit most
      );
  end case;
end
$$;
