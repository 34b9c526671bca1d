import * as z from 'zod/mini';
import listCorrectionsSql from '../../sql/corrections/list-corrections.sql' with { type: 'text' };
import { viewerOf } from '../access/viewer.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, shortText } from '../http/fields.ts';
import { isCounted, type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { windowChecks, windowParameters } from '../reports/parameters.ts';

const kinds = z.enum([
  'lead',
  'event',
  'agent',
  'skill',
  'spend',
  'sla_policy',
  'alert_rule',
  'experiment',
  'hook_mapping',
]);

/** A correction as lists show it. */
export const correction = z.strictObject({
  id: z.uuid(),
  created_at: z.iso.datetime({ precision: 6 }),
  corrected_by: z.string(),
  kind: kinds,
  subject_id: z.uuid(),
  before: z.record(z.string(), z.unknown()),
});

const list = { name: 'corrections', item: correction, most: 100 };

const noFilters = {
  kind: null,
  corrected_by: null,
  subject_id: null,
  lead_id: null,
  from: null,
  to: null,
};

/**
 * `GET /v1/corrections`: what was corrected, newest first, with what stood there before. `lead_id`
 * takes those of the lead and of its events.
 */
export const listCorrections = endpoint({
  query: listQuery(list, {
    kind: z.optional(kinds),
    corrected_by: z.optional(shortText(200)),
    subject_id: z.optional(id),
    lead_id: z.optional(id),
    from: z.optional(windowParameters.from),
    to: z.optional(windowParameters.to),
  }).check(...windowChecks),
  answers: pageForm(list),
  async run({ query: page, caller }) {
    const { cursor, format: _, ...filters } = page;
    const viewer = viewerOf(caller);
    const start = { ...startOf(cursor), counted: isCounted(page, viewer), ...viewer };
    const rows = await query<ListRow>(listCorrectionsSql, { ...noFilters, ...filters, ...start });
    return pageOf(list, rows, page);
  },
});
