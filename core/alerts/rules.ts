import * as z from 'zod/mini';
import addSql from '../../sql/alerts/add-rule.sql' with { type: 'text' };
import changeSql from '../../sql/alerts/change-rule.sql' with { type: 'text' };
import listSql from '../../sql/alerts/list-rules.sql' with { type: 'text' };
import { replayedHeader } from '../batches/write-items.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, pathWithId, written } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf, yesOrNo } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { idOfRequest } from '../http/request-key.ts';
import { source } from '../leads/fields.ts';
import { severities } from './message.ts';
import { alertMetricNames } from './metrics.ts';

const when = z.iso.datetime({ precision: 6 });
const metric = z.enum(alertMetricNames);
const splitBy = z.enum(['source', 'agent']);
const severity = z.enum(severities);

/** A rule as the API shows it. */
const rule = z.strictObject({
  id: z.uuid(),
  created_at: when,
  updated_at: when,
  name: z.string(),
  active: z.boolean(),
  metric,
  source: z.nullable(z.string()),
  agent_id: z.nullable(z.uuid()),
  split_by: z.nullable(splitBy),
  threshold: z.number(),
  recover_threshold: z.nullable(z.number()),
  window_hours: z.nullable(z.int()),
  minimum_leads: z.int(),
  severity,
  reminder_hours: z.nullable(z.int()),
});

type Rule = z.infer<typeof rule>;

const name = written(
  /^[a-z0-9][a-z0-9-]{0,49}$/,
  'must be 1 to 50 lower-case letters, digits and hyphens, the first no hyphen',
);
/** In the metric's unit. Two decimals, as figures are shown: a third could not be seen. */
const figure = z.number().check(
  z.minimum(0),
  z.maximum(1_000_000),
  z.refine((given) => Number(given.toFixed(2)) === given, 'has at most two decimals'),
);
const hours = (most: number) => z.int().check(z.minimum(1), z.maximum(most));

/** What may be changed: what a rule is about stays, so that its incidents are about the same. */
const limits = {
  recover_threshold: z.optional(z.nullable(figure)),
  window_hours: z.optional(z.nullable(hours(8760))),
  reminder_hours: z.optional(z.nullable(hours(720))),
};
const minimumLeads = z.int().check(z.minimum(1), z.maximum(100_000));

/** `POST /v1/alert-rules`: what must not happen, from the next check on. */
export const addRule = endpoint({
  creates: true,
  body: z.strictObject({
    name,
    active: z._default(z.boolean(), true),
    metric,
    source: z.optional(z.nullable(source)),
    agent_id: z.optional(z.nullable(id)),
    split_by: z.optional(z.nullable(splitBy)),
    threshold: figure,
    ...limits,
    minimum_leads: z._default(minimumLeads, 1),
    severity: z._default(severity, 'warning'),
  }),
  answers: {
    200: { description: 'This very request came before; nothing changed', schema: rule },
    201: { description: 'Stored', schema: rule },
  },
  async run({ body, now, requestKey }) {
    const item = { ...body, id: idOfRequest(requestKey), ...requestKey };
    const [row] = await query<{ rule: Rule; replayed: boolean }>(addSql, { item, now });
    if (!row) throw new Error('add_alert_rule answered nothing');
    return {
      status: row.replayed ? 200 : 201,
      headers: row.replayed ? replayedHeader : {},
      body: row.rule,
    };
  },
});

/** `PATCH /v1/alert-rules/{id}`: from the next check on, for its open incidents too. */
export const changeRule = endpoint({
  path: pathWithId,
  body: z
    .strictObject({
      name: z.optional(name),
      active: z.optional(z.boolean()),
      threshold: z.optional(figure),
      ...limits,
      minimum_leads: z.optional(minimumLeads),
      severity: z.optional(severity),
    })
    .check(z.refine((given) => Object.keys(given).length > 0, { message: 'changes nothing' })),
  answers: { 200: { description: 'The rule after the change', schema: rule } },
  async run({ path, body, caller, now }) {
    const changes = { ...body, by: caller.key_id };
    const [row] = await query<{ rule: Rule }>(changeSql, { ...path, changes, now });
    if (!row) throw new Problem(404, 'No alert rule has this id.');
    return { status: 200, body: row.rule };
  },
});

const ruleList = { name: 'alert-rules', item: rule, most: 200 };

/** `GET /v1/alert-rules`: rules, newest first. */
export const listRules = endpoint({
  query: listQuery(ruleList, { active: z.optional(yesOrNo), metric: z.optional(metric) }),
  answers: pageForm(ruleList),
  async run({ query: { cursor, format, ...filters } }) {
    const given = { active: null, metric: null, ...filters, ...startOf(cursor) };
    const rows = await query<ListRow>(listSql, given);
    return pageOf(ruleList, rows, { ...filters, format });
  },
});
