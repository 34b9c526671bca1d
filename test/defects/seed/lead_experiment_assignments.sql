-- The seed, verbatim: lead_experiment_assignments
CREATE TABLE lead_experiment_assignments (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  lead_id UUID NOT NULL REFERENCES leads(id) ON DELETE CASCADE,
  experiment_id UUID NOT NULL REFERENCES lead_experiments(id) ON DELETE CASCADE,

  -- Assignment
  group_name TEXT NOT NULL, -- 'control' or 'treatment'
  assigned_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

  -- Ensures one lead only assigned once per experiment
  UNIQUE(lead_id, experiment_id)
);

CREATE INDEX idx_assignments_experiment ON lead_experiment_assignments(experiment_id);
CREATE INDEX idx_assignments_lead ON lead_experiment_assignments(lead_id);
