-- The seed, verbatim: Lead Source Performance
SELECT
  source,
  COUNT(*) as total_leads,
  COUNT(*) FILTER (WHERE converted = true) as conversions,
  ROUND((COUNT(*) FILTER (WHERE converted = true)::FLOAT / COUNT(*)) * 100, 2) as conversion_rate,
  ROUND(AVG(conversion_value), 2) as avg_deal_value,
  SUM(conversion_value) as total_revenue,
  quality_score,
  COUNT(*) as leads_by_score
FROM leads
WHERE created_at > NOW() - INTERVAL '30 days'
GROUP BY source, quality_score
ORDER BY total_revenue DESC NULLS LAST, conversion_rate DESC;
