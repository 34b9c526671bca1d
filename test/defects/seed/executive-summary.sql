-- The seed, verbatim: Executive Summary (Last 30 Days)
SELECT
  COUNT(*) as total_leads,
  COUNT(DISTINCT source) as active_sources,
  COUNT(*) FILTER (WHERE converted = true) as conversions,
  ROUND((COUNT(*) FILTER (WHERE converted = true)::FLOAT / COUNT(*)) * 100, 2) as conversion_rate,
  ROUND(AVG(EXTRACT(EPOCH FROM (
    SELECT MIN(e.created_at) - l.created_at
    FROM lead_events e
    WHERE e.lead_id = l.id AND e.event_type = 'contacted'
  ))) / 60, 2) as avg_response_minutes,
  SUM(conversion_value) as total_revenue,
  ROUND(AVG(conversion_value), 2) as avg_deal_value,
  COUNT(*) FILTER (WHERE quality_score = 'A') as a_leads,
  COUNT(*) FILTER (WHERE quality_score = 'B') as b_leads,
  COUNT(*) FILTER (WHERE quality_score = 'C') as c_leads,
  COUNT(*) FILTER (WHERE quality_score = 'D') as d_leads
FROM leads
WHERE created_at > NOW() - INTERVAL '30 days';
