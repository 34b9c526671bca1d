-- Who is alive again and still waits for a person is overdue again: dead is who is so by now, not
-- who once was. The same words stand in alert_leads.
drop index idx_leads_overdue_until;
create index idx_leads_overdue_until on leads (
  coalesce(
    least(
      case when sla_human_only then first_human_contact_at else first_contacted_at end,
      qualified_at, appointment_at, offer_at, closed_at,
      case when current_stage = 'dead' then dead_at end
    ),
    'infinity'
  )
) where sla_due_at is not null;
