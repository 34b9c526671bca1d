-- The seed, verbatim: Experiment Results
WITH experiment_data AS (
  SELECT
    exp.name,
    exp.primary_metric,

    -- Control group
    COUNT(*) FILTER (WHERE lea.group_name = 'control') as control_n,
    AVG(
      CASE
        WHEN exp.primary_metric = 'conversion_rate' THEN (l.converted::int)::float
        WHEN exp.primary_metric = 'response_rate' THEN (EXISTS(SELECT 1 FROM lead_events WHERE lead_id = l.id AND event_type = 'contacted'))::int::float
        -- Add other metrics as needed
      END
    ) FILTER (WHERE lea.group_name = 'control') as control_value,

    -- Treatment group
    COUNT(*) FILTER (WHERE lea.group_name = 'treatment') as treatment_n,
    AVG(
      CASE
        WHEN exp.primary_metric = 'conversion_rate' THEN (l.converted::int)::float
        WHEN exp.primary_metric = 'response_rate' THEN (EXISTS(SELECT 1 FROM lead_events WHERE lead_id = l.id AND event_type = 'contacted'))::int::float
      END
    ) FILTER (WHERE lea.group_name = 'treatment') as treatment_value

  FROM lead_experiments exp
  JOIN lead_experiment_assignments lea ON exp.id = lea.experiment_id
  JOIN leads l ON lea.lead_id = l.id
  WHERE exp.status = 'running'
  GROUP BY exp.id, exp.name, exp.primary_metric
)
SELECT
  name,
  primary_metric,
  control_n,
  ROUND(control_value * 100, 2) as control_pct,
  treatment_n,
  ROUND(treatment_value * 100, 2) as treatment_pct,
  ROUND(((treatment_value - control_value) / NULLIF(control_value, 0)) * 100, 2) as lift_pct
FROM experiment_data;
