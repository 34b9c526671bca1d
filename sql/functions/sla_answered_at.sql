-- When was a lead answered, as its clock counts it? By the first contact, of a person where the
-- policy says so, or by the first stage beyond one. Null: not yet. Of columns, so that a report has
-- it written out in its plan.
create or replace function sla_answered_at(
  human_only boolean, first_human_contact_at timestamptz, first_contacted_at timestamptz,
  qualified_at timestamptz, appointment_at timestamptz, offer_at timestamptz,
  closed_at timestamptz
)
returns timestamptz
language sql immutable as $$
  select least(
    case when human_only then first_human_contact_at else first_contacted_at end,
    qualified_at, appointment_at, offer_at, closed_at
  )
$$;
