-- How does the API show a correction? `viewer`: the agent who looks at it; null: who sees all.
create or replace function correction_json(c corrections, viewer uuid) returns json
language sql stable as $$
  select json_build_object(
    'id', c.id,
    'created_at', api_time(c.created_at),
    'corrected_by', c.corrected_by,
    'kind', c.kind,
    'subject_id', c.subject_id,
    'before', case
      when viewer is not null and c.before ? 'duplicate_of' then
        c.before || jsonb_build_object(
          'duplicate_of', shown_original((c.before ->> 'duplicate_of')::uuid, viewer)
        )
      else c.before
    end
  )
$$;
