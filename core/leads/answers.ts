import * as z from 'zod/mini';
import { eventTypes, groups, qualityScore, slaStates, stages } from './fields.ts';

const text = z.nullable(z.string());
const uuid = z.uuid();
const when = z.iso.datetime({ precision: 6 });
const amount = z.nullable(z.string().check(z.regex(/^\d+\.\d{2}$/)));

/** A lead as lists show it. */
export const leadSummary = z.strictObject({
  id: uuid,
  created_at: when,
  recorded_at: when,
  updated_at: when,
  external_id: text,
  first_name: text,
  last_name: text,
  email: text,
  phone: text,
  email_normalised: text,
  phone_normalised: text,
  property_address: text,
  property_city: text,
  property_state: text,
  property_zip: text,
  estimated_value: amount,
  mortgage_balance: amount,
  source: z.string(),
  utm_source: text,
  utm_medium: text,
  utm_campaign: text,
  referrer_url: text,
  is_test: z.boolean(),
  duplicate_of: z.nullable(uuid),
  assigned_agent_id: z.nullable(uuid),
  assigned_at: z.nullable(when),
  quality_score: z.nullable(qualityScore),
  current_stage: z.enum(stages),
  converted: z.boolean(),
  converted_at: z.nullable(when),
  conversion_value: amount,
  first_assigned_at: z.nullable(when),
  first_contacted_at: z.nullable(when),
  first_human_contact_at: z.nullable(when),
  first_responded_at: z.nullable(when),
  qualified_at: z.nullable(when),
  appointment_at: z.nullable(when),
  offer_at: z.nullable(when),
  closed_at: z.nullable(when),
  dead_at: z.nullable(when),
  /** By which policy, and when, somebody has to have reached the lead; null: it has no clock. */
  sla_policy_id: z.nullable(uuid),
  sla_due_at: z.nullable(when),
  sla_state: z.nullable(z.enum(slaStates)),
  /** When the person was erased; the lead stays, for the counts. */
  erased_at: z.nullable(when),
});

/** In which arm of an experiment a lead is; `skill` is what its treatment leads get. */
const experiment = z.strictObject({
  experiment_id: uuid,
  experiment: z.string(),
  skill: text,
  group_name: z.enum(groups),
  assigned_at: when,
});

/** A lead by itself. */
export const lead = z.extend(leadSummary, {
  qualification_reason: z.unknown(),
  raw_data: z.unknown(),
  notes: text,
  experiments: z.array(experiment),
});

/** What happened to a lead. */
export const event = z.strictObject({
  id: uuid,
  lead_id: uuid,
  created_at: when,
  recorded_at: when,
  external_id: text,
  event_type: z.enum(eventTypes),
  event_source: z.string(),
  agent_id: z.nullable(uuid),
  skill_id: z.nullable(uuid),
  value: amount,
  details: z.unknown(),
  time_since_previous_event_seconds: z.nullable(z.number()),
  time_since_lead_created_seconds: z.nullable(z.number()),
  voided_at: z.nullable(when),
  voided_by: text,
  void_reason: text,
});

/** A lead with its latest 100 events, newest first. */
export const leadWithEvents = z.extend(lead, { events: z.array(event) });
