-- The seed, verbatim: lead_metrics
CREATE MATERIALIZED VIEW lead_metrics AS
SELECT
  -- Time Period
  DATE_TRUNC('day', l.created_at) as date,

  -- Dimensions
  l.source,
  l.quality_score,
  l.assigned_agent_id,

  -- Volume Metrics
  COUNT(*) as total_leads,
  COUNT(*) FILTER (WHERE l.current_stage != 'new') as contacted_leads,
  COUNT(*) FILTER (WHERE l.current_stage IN ('qualified', 'appointment', 'offer', 'closed')) as qualified_leads,
  COUNT(*) FILTER (WHERE l.converted = true) as converted_leads,

  -- Conversion Rates
  (COUNT(*) FILTER (WHERE l.current_stage != 'new')::FLOAT / NULLIF(COUNT(*), 0)) * 100 as contact_rate,
  (COUNT(*) FILTER (WHERE l.current_stage IN ('qualified', 'appointment', 'offer', 'closed'))::FLOAT / NULLIF(COUNT(*), 0)) * 100 as qualification_rate,
  (COUNT(*) FILTER (WHERE l.converted = true)::FLOAT / NULLIF(COUNT(*), 0)) * 100 as conversion_rate,

  -- Time Metrics
  AVG(EXTRACT(EPOCH FROM (
    SELECT MIN(e.created_at) - l.created_at
    FROM lead_events e
    WHERE e.lead_id = l.id AND e.event_type = 'contacted'
  ))) / 60 as avg_time_to_contact_minutes,

  AVG(EXTRACT(EPOCH FROM (l.converted_at - l.created_at))) / 86400 as avg_days_to_convert,

  -- Revenue Metrics
  SUM(l.conversion_value) as total_revenue,
  AVG(l.conversion_value) as avg_deal_value

FROM leads l
GROUP BY
  DATE_TRUNC('day', l.created_at),
  l.source,
  l.quality_score,
  l.assigned_agent_id;

CREATE INDEX idx_lead_metrics_date ON lead_metrics(date);
CREATE INDEX idx_lead_metrics_source ON lead_metrics(source);
