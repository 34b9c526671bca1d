-- Is lead_metrics refreshed for this scheduled time?
select refresh_lead_metrics(:scheduled_at::timestamptz) as refreshed
