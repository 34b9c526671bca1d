-- Which agent is meant? Null where none is named; an unknown one is an error that names the field.
create or replace function find_agent(agent_id uuid, agent_external_id text) returns uuid
language plpgsql stable as $$
declare
  found_id uuid;
begin
  if agent_id is null and agent_external_id is null then
    return null;
  end if;
  select a.id into found_id
  from agent_profiles a
  where a.id = find_agent.agent_id
    or (find_agent.agent_id is null and a.external_id = find_agent.agent_external_id);
  if found_id is null then
    raise foreign_key_violation using message = format(
      'unknown agent violates foreign key constraint "%s"',
      case when agent_id is null then 'agent_external_id_known' else 'agent_id_known' end
    );
  end if;
  return found_id;
end
$$;
