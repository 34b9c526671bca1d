-- The seed, verbatim: lead_skills
CREATE TABLE lead_skills (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

  -- Skill Details
  name TEXT NOT NULL UNIQUE, -- 'instant-responder', 'lead-scorer', etc.
  description TEXT,
  skill_type TEXT, -- 'automation', 'scoring', 'routing', 'nurture'

  -- Status
  status TEXT NOT NULL DEFAULT 'testing', -- 'testing', 'active', 'paused', 'deprecated'
  activated_at TIMESTAMPTZ,
  deprecated_at TIMESTAMPTZ,

  -- Performance
  total_leads_processed INTEGER DEFAULT 0,
  avg_improvement_lift DECIMAL, -- Average lift across all experiments

  -- Configuration
  config JSONB, -- Skill-specific settings

  -- Metadata
  spawned_reason TEXT, -- Why was this skill created?
  spawned_by TEXT -- 'auto-analysis', 'manual', 'user:john@example.com'
);
