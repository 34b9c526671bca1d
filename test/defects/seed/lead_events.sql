-- The seed, verbatim: lead_events
CREATE TABLE lead_events (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  lead_id UUID NOT NULL REFERENCES leads(id) ON DELETE CASCADE,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

  -- Event Details
  event_type TEXT NOT NULL, -- 'created', 'assigned', 'contacted', 'responded', 'qualified', 'appointment_scheduled', 'offer_made', 'closed', 'dead'
  event_source TEXT, -- 'agent', 'automation', 'skill:instant-responder', etc.

  -- Actor
  agent_id UUID REFERENCES agent_profiles(id),
  skill_id UUID REFERENCES lead_skills(id),

  -- Context
  details JSONB, -- Event-specific data (email sent, SMS content, call duration, etc.)

  -- Performance Tracking
  time_since_previous_event INTERVAL, -- Auto-calculated
  time_since_lead_created INTERVAL -- Auto-calculated
);

CREATE INDEX idx_lead_events_lead_id ON lead_events(lead_id);
CREATE INDEX idx_lead_events_type ON lead_events(event_type);
CREATE INDEX idx_lead_events_created_at ON lead_events(created_at);

-- Trigger to auto-calculate time intervals
CREATE OR REPLACE FUNCTION calculate_event_intervals()
RETURNS TRIGGER AS $$
DECLARE
  prev_event_time TIMESTAMPTZ;
  lead_created_time TIMESTAMPTZ;
BEGIN
  -- Get time of previous event
  SELECT created_at INTO prev_event_time
  FROM lead_events
  WHERE lead_id = NEW.lead_id
  ORDER BY created_at DESC
  LIMIT 1;

  -- Get lead creation time
  SELECT created_at INTO lead_created_time
  FROM leads
  WHERE id = NEW.lead_id;

  -- Calculate intervals
  IF prev_event_time IS NOT NULL THEN
    NEW.time_since_previous_event := NEW.created_at - prev_event_time;
  END IF;

  NEW.time_since_lead_created := NEW.created_at - lead_created_time;

  RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER set_event_intervals
  BEFORE INSERT ON lead_events
  FOR EACH ROW
  EXECUTE FUNCTION calculate_event_intervals();
