-- What is the incident, now that somebody has it in hand? Again it stays with who was first. No
-- row: there is no such incident.
create or replace function acknowledge_incident(incident_id uuid, who text, at timestamptz)
returns table (incident json)
language plpgsql as $$
declare
  old incidents;
begin
  select i.* into old
  from incidents i
  where i.id = acknowledge_incident.incident_id
  for no key update;

  if old.resolved_at is not null then
    raise integrity_constraint_violation using message =
      'the incident violates constraint "incident_not_resolved"';
  end if;

  if old.id is not null and old.acknowledged_at is null then
    update incidents i
    set acknowledged_at = at, acknowledged_by = who, transitions = i.transitions + 1
    where i.id = old.id;

    insert into incident_transitions (
      incident_id, number, at, kind, severity, acknowledged_by, value, threshold, sample, leads,
      lead_ids
    )
    values (
      old.id, old.transitions + 1, at, 'acknowledged', old.severity, who, old.value, old.threshold,
      old.sample, old.leads, old.lead_ids
    );
  end if;

  return query select incident_json(i) from incidents i where i.id = old.id;
end
$$;
