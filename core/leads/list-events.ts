import * as z from 'zod/mini';
import listEventsSql from '../../sql/leads/list-events.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { pathWithId } from '../http/fields.ts';
import { type ListRow, listOf, pageOf, pageParameters, startOf } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { event } from './answers.ts';

/** `GET /v1/leads/{id}/events`: what happened to a lead, newest first. */
export const listEvents = endpoint({
  path: pathWithId,
  query: z.strictObject(pageParameters(100)),
  answers: { 200: { description: 'A page of events', schema: listOf(event) } },
  async run({ path, query: { cursor, limit } }) {
    const parameters = { ...path, limit, ...startOf(cursor) };
    const rows = await query<ListRow>(listEventsSql, parameters);
    if (rows.length === 0) throw new Problem(404, 'No lead has this id.');
    return { status: 200, body: pageOf(rows, limit) };
  },
});
