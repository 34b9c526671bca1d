import * as z from 'zod/mini';
import changeAgentSql from '../../sql/agents/change-agent.sql' with { type: 'text' };
import listAgentsSql from '../../sql/agents/list-agents.sql' with { type: 'text' };
import oneAgentSql from '../../sql/agents/one-agent.sql' with { type: 'text' };
import { eventSourceOf, viewerOf } from '../access/viewer.ts';
import { batch, chosenId } from '../batches/batch.ts';
import { answerOf, writeItem } from '../batches/write-items.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { externalId, id, pathWithId, shortText, subject } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf, yesOrNo } from '../http/pages.ts';
import { Problem, problemAt } from '../http/problem.ts';
import { idOfRequest } from '../http/request-key.ts';

const text = z.nullable(z.string());
const when = z.iso.datetime({ precision: 6 });
const name = shortText(200)
  .check(z.refine((text) => text.trim() !== '', 'may not be blank'))
  .register(z.globalRegistry, { pattern: '\\S' });

const agent = z.strictObject({
  id: z.uuid(),
  created_at: when,
  updated_at: when,
  external_id: text,
  first_name: z.string(),
  last_name: z.string(),
  email: text,
  phone: text,
  team: text,
  active: z.boolean(),
  identity_subject: text,
  open_leads: z.int(),
});

const optionalFields = {
  external_id: z.optional(z.nullable(externalId)),
  email: z.optional(z.nullable(shortText(320))),
  phone: z.optional(z.nullable(shortText(50))),
  team: z.optional(z.nullable(shortText(200))),
  active: z.optional(z.boolean()),
  /** The `sub` of the person's token: who signs in with it sees this agent's leads. */
  identity_subject: z.optional(z.nullable(subject)),
};

type Agent = z.infer<typeof agent>;

const fields = { first_name: name, last_name: name, ...optionalFields };

/** `POST /v1/agents`: a new agent. The same external_id again is the first one. */
export const addAgent = endpoint({
  creates: true,
  body: z.strictObject(fields),
  answers: {
    200: { description: 'This agent was here already; nothing changed', schema: agent },
    201: { description: 'Stored', schema: agent },
  },
  async run({ body, now, requestKey }) {
    const id = idOfRequest(requestKey);
    const row = await writeItem<Agent>('agents', { ...body, id, ...requestKey }, now);
    return answerOf(row, { isNew: row.id === id, location: `/v1/agents/${row.id}` });
  },
});

/** `POST /v1/agents/batch`: up to 1,000 new agents. */
export const addAgents = batch({
  kind: 'agents',
  item: z.strictObject({ ...fields, id: z.optional(id) }),
  prepare: (given, { caller, id }) => ({
    item: { ...given, id: chosenId(given.id, caller) ?? id },
    fresh: given.id === undefined && !given.external_id,
  }),
});

const changes = z
  .strictObject({
    first_name: z.optional(name),
    last_name: z.optional(name),
    ...optionalFields,
    reassign_to: z.optional(id),
  })
  .check(
    z.refine((given) => Object.keys(given).length > 0, { message: 'changes nothing' }),
    z.refine((given) => given.reassign_to === undefined || given.active === false, {
      path: ['reassign_to'],
      message: 'goes with "active": false',
    }),
  );

/** `PATCH /v1/agents/{id}`: changes an agent; one who leaves can hand the open leads to another. */
export const changeAgent = endpoint({
  path: pathWithId,
  body: changes,
  answers: { 200: { description: 'The agent after the change', schema: agent } },
  async run({ path, body, caller, now }) {
    if (body.reassign_to === path.id) {
      const detail = 'The open leads go to another agent.';
      throw problemAt(422, [{ pointer: '/reassign_to', code: 'same_agent', detail }]);
    }
    const changes = { ...body, by: caller.key_id, event_source: eventSourceOf(caller) };
    const [row] = await query<{ agent: Agent }>(changeAgentSql, { ...path, changes, now });
    if (!row) throw new Problem(404, 'No agent has this id.');
    return { status: 200, body: row.agent };
  },
});

/** `GET /v1/agents/{id}`: one agent. */
export const showAgent = endpoint({
  path: pathWithId,
  answers: { 200: { description: 'The agent', schema: agent } },
  async run({ path, caller }) {
    const parameters = { ...path, ...viewerOf(caller) };
    const [row] = await query<{ agent: Agent }>(oneAgentSql, parameters);
    if (!row) throw new Problem(404, 'No agent has this id.');
    return { status: 200, body: row.agent };
  },
});

const agentList = { name: 'agents', item: agent, most: 200 };

/** `GET /v1/agents`: agents, newest first. */
export const listAgents = endpoint({
  query: listQuery(agentList, {
    active: z.optional(yesOrNo),
    team: z.optional(shortText(200)),
    external_id: z.optional(externalId),
  }),
  answers: pageForm(agentList),
  async run({ query: { cursor, format, ...filters }, caller }) {
    const rows = await query<ListRow>(listAgentsSql, {
      active: null,
      team: null,
      external_id: null,
      ...filters,
      ...startOf(cursor),
      ...viewerOf(caller),
    });
    return pageOf(agentList, rows, { ...filters, format });
  },
});
