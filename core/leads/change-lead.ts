import * as z from 'zod/mini';
import changeLeadSql from '../../sql/leads/change-lead.sql' with { type: 'text' };
import { boundsOf, eventSourceOf } from '../access/viewer.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { externalId, id, money, pathWithId } from '../http/fields.ts';
import { problemAt } from '../http/problem.ts';
import { settings } from '../settings.ts';
import { lead } from './answers.ts';
import { normaliseEmail, normalisePhone } from './contact.ts';
import {
  details,
  noSkillSource,
  oneAgent,
  qualificationReason,
  reasonNeedsScore,
} from './details.ts';
import { eventSource, qualityScore, stages } from './fields.ts';
import { unknownLead } from './unknown-lead.ts';

const body = z
  .strictObject({
    ...details,
    agent_id: z.optional(z.nullable(id)),
    agent_external_id: z.optional(externalId),
    quality_score: z.optional(qualityScore),
    qualification_reason: qualificationReason,
    skill_id: z.optional(id),
    stage: z.optional(z.enum(stages)),
    value: z.optional(money),
    event_source: z.optional(eventSource),
  })
  .check(
    oneAgent,
    reasonNeedsScore,
    z.refine((given) => given.skill_id === undefined || given.quality_score !== undefined, {
      path: ['skill_id'],
      message: 'is the skill that scored the lead: it needs a "quality_score"',
    }),
    z.refine((given) => given.value === undefined || given.stage === 'closed', {
      path: ['value'],
      message: 'belongs to the stage "closed" only',
    }),
    noSkillSource,
    z.refine((given) => Object.keys(given).some((name) => name !== 'event_source'), {
      message: 'changes nothing',
    }),
  );

interface Changed {
  readonly outcome: 'changed' | 'held' | 'erased' | 'missing';
  readonly lead: z.infer<typeof lead>;
  readonly held_by: string | null;
  readonly held_by_type: string | null;
  readonly field: string | null;
}

/** `PATCH /v1/leads/{id}`: corrects a lead; assignment, score and stage are written as events. */
export const changeLead = endpoint({
  path: pathWithId,
  body,
  answers: { 200: { description: 'The lead after the change', schema: lead } },
  async run({ path, body, caller, now }) {
    const changes = {
      event_source: eventSourceOf(caller),
      ...body,
      ...normalised(body),
      by: caller.key_id,
      ...boundsOf(caller),
    };
    const [row] = await query<Changed>(changeLeadSql, { ...path, changes, now });
    if (row?.outcome === 'changed') return { status: 200, body: row.lead };
    if (row?.outcome === 'held') {
      const detail =
        `The lead is further than "${body.stage}": the ${row.held_by_type} event ` +
        `${row.held_by} holds it. If that was a mistake, take it back first: ` +
        `POST /v1/events/${row.held_by}/void.`;
      throw problemAt(409, [{ pointer: '/stage', code: 'held', detail }]);
    }
    if (row?.outcome === 'erased') {
      const detail = `The person was erased: "${row.field}" stays empty.`;
      throw problemAt(409, [{ pointer: `/${row.field}`, code: 'erased', detail }]);
    }
    throw unknownLead();
  },
});

function normalised({ email, phone }: z.infer<typeof body>) {
  return {
    ...(email !== undefined && { email_normalised: normaliseEmail(email) }),
    ...(phone !== undefined && {
      phone_normalised: normalisePhone(phone, settings().DEFAULT_COUNTRY),
    }),
  };
}
