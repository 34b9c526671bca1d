import * as z from 'zod/mini';
import listAuditSql from '../../sql/people/list-audit.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, shortText } from '../http/fields.ts';
import { isCounted, type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { windowChecks, windowParameters } from '../reports/parameters.ts';

const actions = z.enum(['erase', 'export']);

const list = {
  name: 'audit',
  item: z.strictObject({
    id: z.uuid(),
    created_at: z.iso.datetime({ precision: 6 }),
    caller: z.string(),
    action: actions,
    reference: z.nullable(z.string()),
    lead_id: z.uuid(),
  }),
  most: 200,
};

const noFilters = {
  action: null,
  caller: null,
  reference: null,
  lead_id: null,
  from: null,
  to: null,
};

/** `GET /v1/audit`: who erased or took out whose data, newest first: ids, never contents. */
export const listAudit = endpoint({
  query: listQuery(list, {
    action: z.optional(actions),
    caller: z.optional(shortText(64)),
    reference: z.optional(shortText(40)),
    lead_id: z.optional(id),
    from: z.optional(windowParameters.from),
    to: z.optional(windowParameters.to),
  }).check(...windowChecks),
  answers: pageForm(list),
  async run({ query: page }) {
    const { cursor, format: _, ...filters } = page;
    const start = { ...startOf(cursor), counted: isCounted(page) };
    const rows = await query<ListRow>(listAuditSql, { ...noFilters, ...filters, ...start });
    return pageOf(list, rows, page);
  },
});
