import * as z from 'zod/mini';
import acknowledgeSql from '../../sql/alerts/acknowledge-incident.sql' with { type: 'text' };
import listSql from '../../sql/alerts/list-incidents.sql' with { type: 'text' };
import oneSql from '../../sql/alerts/one-incident.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { pathWithId, shortText } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { windowChecks, windowParameters } from '../reports/parameters.ts';
import { type Incident, incidentForm, incidentStatuses } from './incident-form.ts';
import { resolveReasons, severities, toldTransitions } from './message.ts';

const when = z.iso.datetime({ precision: 6 });
const severity = z.enum(severities);

/** At most 100, longest first. */
const leadIds = z.array(z.uuid());

const transition = z.strictObject({
  number: z.int(),
  at: when,
  transition: z.enum([...toldTransitions, 'acknowledged']),
  severity,
  acknowledged_by: z.nullable(z.string()),
  reason: z.nullable(z.enum(resolveReasons)),
  value: z.number(),
  threshold: z.number(),
  sample: z.int(),
  leads: z.int(),
  lead_ids: leadIds,
});

/** One incident, the leads behind it, and its last 100 transitions, newest first. */
const whole = z.strictObject({
  ...incidentForm.shape,
  lead_ids: leadIds,
  history: z.array(transition),
});

interface TransitionRow {
  /** On the newest row alone, with what is of the incident. */
  incident: Incident | null;
  lead_ids: string[] | null;
  transition: z.infer<typeof transition>;
}

const unknownIncident = 'No incident has this id.';

/** `GET /v1/incidents/{id}`: how it stands, which leads are behind it, how it went. */
export const showIncident = endpoint({
  path: pathWithId,
  answers: { 200: { description: 'The incident', schema: whole } },
  async run({ path }) {
    const rows = await query<TransitionRow>(oneSql, path);
    const [newest] = rows;
    if (!newest) throw new Problem(404, unknownIncident);
    const { incident, lead_ids } = newest;
    const history = rows.map((row) => row.transition);
    return { status: 200, body: { ...incident, lead_ids, history } };
  },
});

/** `POST /v1/incidents/{id}/acknowledge`: somebody has it in hand. Again it changes nothing. */
export const acknowledgeIncident = endpoint({
  path: pathWithId,
  answers: { 200: { description: 'The incident, with who has it in hand', schema: incidentForm } },
  async run({ path, caller, now }) {
    const given = { ...path, who: caller.key_id, now };
    const [row] = await query<{ incident: Incident }>(acknowledgeSql, given);
    if (!row) throw new Problem(404, unknownIncident);
    return { status: 200, body: row.incident };
  },
});

const incidentList = { name: 'incidents', item: incidentForm, most: 200 };
const noFilters = { status: null, rule: null, severity: null, from: null, to: null };

/** `GET /v1/incidents`: incidents, newest first; `from` and `to` are days they opened on. */
export const listIncidents = endpoint({
  query: listQuery(incidentList, {
    status: z.optional(z.enum([...incidentStatuses, 'unresolved'])),
    rule: z.optional(shortText(50)),
    severity: z.optional(severity),
    from: z.optional(windowParameters.from),
    to: z.optional(windowParameters.to),
  }).check(...windowChecks),
  answers: pageForm(incidentList),
  async run({ query: page }) {
    const { cursor, format: _, ...filters } = page;
    const rows = await query<ListRow>(listSql, { ...noFilters, ...filters, ...startOf(cursor) });
    return pageOf(incidentList, rows, page);
  },
});
