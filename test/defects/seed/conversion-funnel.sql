-- The seed, verbatim: Conversion Funnel Analysis
SELECT
  current_stage,
  COUNT(*) as count,
  ROUND((COUNT(*)::FLOAT / SUM(COUNT(*)) OVER ()) * 100, 2) as percentage,
  LAG(COUNT(*)) OVER (ORDER BY
    CASE current_stage
      WHEN 'new' THEN 1
      WHEN 'contacted' THEN 2
      WHEN 'qualified' THEN 3
      WHEN 'appointment' THEN 4
      WHEN 'offer' THEN 5
      WHEN 'closed' THEN 6
      ELSE 7
    END
  ) as previous_stage_count,
  ROUND(
    (COUNT(*)::FLOAT / NULLIF(LAG(COUNT(*)) OVER (ORDER BY
      CASE current_stage
        WHEN 'new' THEN 1
        WHEN 'contacted' THEN 2
        WHEN 'qualified' THEN 3
        WHEN 'appointment' THEN 4
        WHEN 'offer' THEN 5
        WHEN 'closed' THEN 6
        ELSE 7
      END
    ), 0)) * 100,
    2
  ) as conversion_from_previous
FROM leads
WHERE created_at > NOW() - INTERVAL '30 days'
GROUP BY current_stage
ORDER BY
  CASE current_stage
    WHEN 'new' THEN 1
    WHEN 'contacted' THEN 2
    WHEN 'qualified' THEN 3
    WHEN 'appointment' THEN 4
    WHEN 'offer' THEN 5
    WHEN 'closed' THEN 6
    ELSE 7
  END;
