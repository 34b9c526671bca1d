-- The seed, verbatim: leads
CREATE TABLE leads (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

  -- Lead Details
  first_name TEXT,
  last_name TEXT,
  email TEXT,
  phone TEXT,

  -- Property Details
  property_address TEXT,
  property_city TEXT,
  property_state TEXT,
  property_zip TEXT,
  estimated_value DECIMAL,
  mortgage_balance DECIMAL,

  -- Attribution
  source TEXT NOT NULL, -- 'zillow', 'facebook', 'referral', 'direct', etc.
  utm_source TEXT,
  utm_medium TEXT,
  utm_campaign TEXT,
  referrer_url TEXT,

  -- Assignment
  assigned_agent_id UUID REFERENCES agent_profiles(id),
  assigned_at TIMESTAMPTZ,

  -- Scoring (populated by lead-scorer skill if active)
  quality_score CHAR(1), -- 'A', 'B', 'C', 'D'
  qualification_reason JSONB,

  -- Conversion Tracking
  current_stage TEXT NOT NULL DEFAULT 'new', -- 'new', 'contacted', 'qualified', 'appointment', 'offer', 'closed', 'dead'
  converted BOOLEAN DEFAULT FALSE,
  converted_at TIMESTAMPTZ,
  conversion_value DECIMAL,

  -- Metadata
  raw_data JSONB, -- Store complete form submission
  notes TEXT
);

CREATE INDEX idx_leads_source ON leads(source);
CREATE INDEX idx_leads_assigned_agent ON leads(assigned_agent_id);
CREATE INDEX idx_leads_current_stage ON leads(current_stage);
CREATE INDEX idx_leads_created_at ON leads(created_at);
CREATE INDEX idx_leads_quality_score ON leads(quality_score);
