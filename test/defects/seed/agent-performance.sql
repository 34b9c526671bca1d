-- The seed, verbatim: Agent Performance
SELECT
  ap.first_name || ' ' || ap.last_name as agent_name,
  COUNT(l.id) as leads_assigned,
  COUNT(*) FILTER (WHERE l.converted = true) as conversions,
  ROUND((COUNT(*) FILTER (WHERE l.converted = true)::FLOAT / COUNT(l.id)) * 100, 2) as conversion_rate,
  ROUND(AVG(EXTRACT(EPOCH FROM (e.created_at - l.created_at)) / 60), 2) as avg_response_minutes,
  SUM(l.conversion_value) as total_revenue
FROM leads l
JOIN agent_profiles ap ON l.assigned_agent_id = ap.id
LEFT JOIN lead_events e ON l.id = e.lead_id AND e.event_type = 'contacted'
WHERE l.created_at > NOW() - INTERVAL '30 days'
GROUP BY ap.id, ap.first_name, ap.last_name
ORDER BY conversion_rate DESC;
