import * as z from 'zod/mini';
import { id, jsonObject, keeps, money, shortText, storedObject } from '../http/fields.ts';
import { storedBytes } from '../http/stored-size.ts';

const name = z.optional(z.nullable(shortText(200)));
const address = z.optional(z.nullable(shortText(500)));

const notes = z.optional(
  z.nullable(
    z.string().check(keeps('leads_notes_size', (text) => Buffer.byteLength(text) <= 8 * 1024)),
  ),
);

/** What a person or a form can say of a lead; PATCH takes the same. */
export const details = {
  first_name: name,
  last_name: name,
  email: z.optional(z.nullable(shortText(320))),
  phone: z.optional(z.nullable(shortText(50))),
  property_address: address,
  property_city: name,
  property_state: name,
  property_zip: z.optional(z.nullable(shortText(20))),
  estimated_value: z.optional(z.nullable(money)),
  mortgage_balance: z.optional(z.nullable(money)),
  utm_source: name,
  utm_medium: name,
  utm_campaign: name,
  referrer_url: z.optional(z.nullable(shortText(2000))),
  raw_data: z.optional(z.nullable(storedObject(32 * 1024, 'leads_raw_data_size'))),
  notes,
  is_test: z.optional(z.boolean()),
  duplicate_of: z.optional(z.nullable(id)),
};

/** An agent is named in one way. */
export const oneAgent = z.refine<{ agent_id?: unknown; agent_external_id?: unknown }>(
  (given) => given.agent_id === undefined || !given.agent_external_id,
  { path: ['agent_external_id'], message: 'cannot be given together with "agent_id"' },
);

/** A reason without its score says nothing. */
export const reasonNeedsScore = z.refine<{
  quality_score?: unknown;
  qualification_reason?: unknown;
}>((given) => !given.qualification_reason || Boolean(given.quality_score), {
  path: ['qualification_reason'],
  message: 'needs a "quality_score"',
});

/** What a lead is created or changed by; a skill acts through events, or by "skill_id". */
export const noSkillSource = z.refine<{ event_source?: string | undefined }>(
  (given) => !given.event_source?.startsWith('skill:'),
  { path: ['event_source'], message: 'cannot be a skill here: a skill records events' },
);

/** Why a lead has its score; with the score it becomes the details of an event, 8 KB as stored. */
export const qualificationReason = z.optional(
  z.nullable(
    jsonObject.check(
      z.refine(
        (qualification_reason) =>
          storedBytes({ quality_score: 'A', qualification_reason }) <= 8 * 1024,
        'and "quality_score" may be at most 8 KB together',
      ),
    ),
  ),
);
