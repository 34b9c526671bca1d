-- Whose is a lead that comes in? The named agent's, or nobody's. Where an agent takes it in, the
-- `viewer`, it is the agent's own, and naming another is an error: the answer would show a lead
-- that the agent may not see.
create or replace function intake_agent(agent_id uuid, agent_external_id text, viewer uuid)
returns uuid
language plpgsql stable as $$
declare
  named uuid := find_agent(agent_id, agent_external_id);
begin
  if named <> viewer then
    raise check_violation using message = format(
      'lead violates check constraint "%s"',
      case when agent_id is null then 'agent_external_id_own' else 'agent_id_own' end
    );
  end if;
  return coalesce(named, viewer);
end
$$;
