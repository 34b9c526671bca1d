-- Which skill acted? By id, by name, or by an event source such as skill:instant-responder. All
-- that are given must agree.
create or replace function find_skill(skill_id uuid, skill text, event_source text) returns uuid
language plpgsql stable as $$
declare
  source_name text := substring(event_source from '^skill:(.+)$');
  named text := coalesce(skill, source_name);
  found_skill lead_skills;
begin
  if skill_id is null and named is null then
    return null;
  end if;
  select s.* into found_skill
  from lead_skills s
  where s.id = find_skill.skill_id or (find_skill.skill_id is null and s.name = named);
  if found_skill.id is null then
    raise foreign_key_violation using message = format(
      'unknown skill violates foreign key constraint "%s"',
      case
        when skill_id is not null then 'skill_id_known'
        when skill is not null then 'skill_known'
        else 'event_source_known'
      end
    );
  end if;
  if source_name is distinct from found_skill.name or named <> found_skill.name then
    raise check_violation using message =
      'event source violates check constraint "lead_events_skill_agrees"';
  end if;
  return found_skill.id;
end
$$;
