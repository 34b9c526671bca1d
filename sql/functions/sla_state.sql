-- How does a lead stand against its clock at a moment? Null: it has none. `is_left_out`: a test or
-- a duplicate. `answered_at`: the first contact that counts, or the first stage beyond it. Of
-- columns, not of a whole lead, so that who may not see all of it can ask.
create or replace function sla_state(
  due_at timestamptz, is_left_out boolean, answered_at timestamptz, dead_at timestamptz,
  at timestamptz
)
returns text
language sql immutable as $$
  select case
    when due_at is null then null
    when is_left_out then 'excused'
    when answered_at <= due_at and answered_at <= at then 'met'
    when answered_at <= at then 'late'
    when dead_at < due_at and dead_at <= at then 'excused'
    when due_at > at then 'pending'
    else 'breached'
  end
$$;
