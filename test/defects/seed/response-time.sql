-- The seed, verbatim: Response Time Analysis
SELECT
  l.source,
  COUNT(*) as total_leads,
  COUNT(e.id) as contacted_leads,
  ROUND(AVG(EXTRACT(EPOCH FROM (e.created_at - l.created_at)) / 60), 2) as avg_response_minutes,
  ROUND(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM (e.created_at - l.created_at)) / 60), 2) as median_response_minutes,
  COUNT(*) FILTER (WHERE EXTRACT(EPOCH FROM (e.created_at - l.created_at)) < 3600) as responded_within_1hr,
  ROUND((COUNT(*) FILTER (WHERE EXTRACT(EPOCH FROM (e.created_at - l.created_at)) < 3600)::FLOAT / COUNT(*)) * 100, 2) as pct_within_1hr
FROM leads l
LEFT JOIN lead_events e ON l.id = e.lead_id AND e.event_type = 'contacted'
WHERE l.created_at > NOW() - INTERVAL '30 days'
GROUP BY l.source
ORDER BY avg_response_minutes;
