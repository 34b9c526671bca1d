import * as z from 'zod/mini';
import addSql from '../../sql/sla/add-policy.sql' with { type: 'text' };
import changeSql from '../../sql/sla/change-policy.sql' with { type: 'text' };
import listSql from '../../sql/sla/list-policies.sql' with { type: 'text' };
import { replayedHeader } from '../batches/write-items.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, pathWithId, shortText } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf, yesOrNo } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { idOfRequest } from '../http/request-key.ts';
import { qualityScore, source } from '../leads/fields.ts';
import { daysOff, workingHours } from './working-hours.ts';

const when = z.iso.datetime({ precision: 6 });

/** A policy as the API shows it. */
const policy = z.strictObject({
  id: z.uuid(),
  created_at: when,
  updated_at: when,
  name: z.string(),
  active: z.boolean(),
  priority: z.int(),
  source: z.nullable(z.string()),
  quality_score: z.nullable(qualityScore),
  agent_id: z.nullable(z.uuid()),
  target_minutes: z.int(),
  human_only: z.boolean(),
  working_hours: z.unknown(),
  days_off: z.array(z.string()),
});

type Policy = z.infer<typeof policy>;

const name = shortText(100).check(z.refine((text) => text.trim() !== '', 'may not be blank'));
/** Of those that fit a lead the lowest is its policy. */
const priority = z.int().check(z.minimum(1), z.maximum(1_000_000));
/** At most 30 days of working time. */
const targetMinutes = z.int().check(z.minimum(1), z.maximum(43_200));

/** Which leads it is for; null: any. */
const filters = {
  source: z.optional(z.nullable(source)),
  quality_score: z.optional(z.nullable(qualityScore)),
  agent_id: z.optional(z.nullable(id)),
};

/** `POST /v1/sla-policies`: by when leads have to be answered that come in from now on. */
export const addPolicy = endpoint({
  creates: true,
  body: z.strictObject({
    name,
    active: z._default(z.boolean(), true),
    priority,
    ...filters,
    target_minutes: targetMinutes,
    human_only: z._default(z.boolean(), false),
    working_hours: z.optional(z.nullable(workingHours)),
    days_off: z._default(daysOff, []),
  }),
  answers: {
    200: { description: 'This very request came before; nothing changed', schema: policy },
    201: { description: 'Stored', schema: policy },
  },
  async run({ body, now, requestKey }) {
    const item = { ...body, id: idOfRequest(requestKey), ...requestKey };
    const [row] = await query<{ policy: Policy; replayed: boolean }>(addSql, { item, now });
    if (!row) throw new Error('add_sla_policy answered nothing');
    return {
      status: row.replayed ? 200 : 201,
      headers: row.replayed ? replayedHeader : {},
      body: row.policy,
    };
  },
});

/** `PATCH /v1/sla-policies/{id}`: for leads that come in from now on; clocks that run stay. */
export const changePolicy = endpoint({
  path: pathWithId,
  body: z
    .strictObject({
      name: z.optional(name),
      active: z.optional(z.boolean()),
      priority: z.optional(priority),
      ...filters,
      target_minutes: z.optional(targetMinutes),
      human_only: z.optional(z.boolean()),
      working_hours: z.optional(z.nullable(workingHours)),
      days_off: z.optional(daysOff),
    })
    .check(z.refine((given) => Object.keys(given).length > 0, { message: 'changes nothing' })),
  answers: { 200: { description: 'The policy after the change', schema: policy } },
  async run({ path, body, caller, now }) {
    const changes = { ...body, by: caller.key_id };
    const [row] = await query<{ policy: Policy }>(changeSql, { ...path, changes, now });
    if (!row) throw new Problem(404, 'No policy has this id.');
    return { status: 200, body: row.policy };
  },
});

const policyList = { name: 'sla-policies', item: policy, most: 200 };

/** `GET /v1/sla-policies`: policies, newest first. */
export const listPolicies = endpoint({
  query: listQuery(policyList, { active: z.optional(yesOrNo) }),
  answers: pageForm(policyList),
  async run({ query: { cursor, format, ...filters } }) {
    const rows = await query<ListRow>(listSql, { active: null, ...filters, ...startOf(cursor) });
    return pageOf(policyList, rows, { ...filters, format });
  },
});
