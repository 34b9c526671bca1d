-- The seed, verbatim: Automated Alerts
CREATE OR REPLACE FUNCTION check_response_time_sla()
RETURNS void AS $$
DECLARE
  avg_response_hours FLOAT;
BEGIN
  SELECT AVG(EXTRACT(EPOCH FROM (e.created_at - l.created_at)) / 3600)
  INTO avg_response_hours
  FROM leads l
  JOIN lead_events e ON l.id = e.lead_id AND e.event_type = 'contacted'
  WHERE l.created_at > NOW() - INTERVAL '24 hours';

  IF avg_response_hours > 2 THEN
    -- Send alert (integrate with notification system)
    RAISE NOTICE 'ALERT: Average response time is % hours (SLA: 2 hours)', avg_response_hours;
  END IF;
END;
$$ LANGUAGE plpgsql;

-- Run hourly via pg_cron or external scheduler
