-- The seed, verbatim: lead_experiments
CREATE TABLE lead_experiments (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

  -- Experiment Details
  name TEXT NOT NULL, -- 'instant-responder-v1', 'lead-scorer-equity-focus', etc.
  skill_id UUID REFERENCES lead_skills(id),
  description TEXT,
  hypothesis TEXT, -- "Instant response increases engagement rate from 40% to 65%"

  -- Status
  status TEXT NOT NULL DEFAULT 'running', -- 'draft', 'running', 'paused', 'completed'
  started_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,

  -- Configuration
  traffic_split DECIMAL DEFAULT 0.5, -- 0.5 = 50/50 split
  target_sample_size INTEGER DEFAULT 100,
  min_duration_days INTEGER DEFAULT 14,

  -- Metrics Being Tracked
  primary_metric TEXT NOT NULL, -- 'response_rate', 'conversion_rate', 'time_to_contact', etc.
  secondary_metrics JSONB,

  -- Segmentation (optional)
  segment_filter JSONB, -- { "source": "zillow" } to run experiment only on Zillow leads

  -- Results (populated when experiment ends)
  control_sample_size INTEGER,
  treatment_sample_size INTEGER,
  control_metric_value DECIMAL,
  treatment_metric_value DECIMAL,
  lift_percentage DECIMAL,
  p_value DECIMAL,
  confidence_level DECIMAL,
  decision TEXT, -- 'KEEP', 'KILL', 'INCONCLUSIVE'
  decision_reason TEXT
);

CREATE INDEX idx_experiments_status ON lead_experiments(status);
CREATE INDEX idx_experiments_skill_id ON lead_experiments(skill_id);
