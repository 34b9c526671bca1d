import * as z from 'zod/mini';
import { shortText, written } from '../http/fields.ts';

/** Where a lead came from, as it is stored: trimmed, lower-case; blank is a source of its own. */
export const source = z.pipe(shortText(100), z.transform(normaliseSource));

/** 'Zillow ' and 'zillow' are one source. */
export function normaliseSource(text: string): string {
  return text.trim().toLowerCase();
}

/** The seed's scores. */
export const qualityScore = z.enum(['A', 'B', 'C', 'D']);

/** The seed's stages, in their order. */
export const stages = [
  'new',
  'contacted',
  'qualified',
  'appointment',
  'offer',
  'closed',
  'dead',
] as const;

/** The arms of an experiment. */
export const groups = ['control', 'treatment'] as const;

/** The seed's event types and `scored`. */
export const eventTypes = [
  'created',
  'assigned',
  'scored',
  'contacted',
  'responded',
  'qualified',
  'appointment_scheduled',
  'offer_made',
  'closed',
  'dead',
] as const;

/** How a lead can stand against its clock: docs/sla.md. */
export const slaStates = ['pending', 'met', 'late', 'breached', 'excused'] as const;

/** Who or what acted. */
export const eventSource = written(
  /^(agent|automation|lead|import|skill:[a-z0-9][a-z0-9._-]{0,99})$/,
  'must be agent, automation, lead, import or skill:<name>',
);
