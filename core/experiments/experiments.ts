import * as z from 'zod/mini';
import addSql from '../../sql/experiments/add-experiment.sql' with { type: 'text' };
import changeSql from '../../sql/experiments/change-experiment.sql' with { type: 'text' };
import listSql from '../../sql/experiments/list-experiments.sql' with { type: 'text' };
import looksSql from '../../sql/experiments/list-looks.sql' with { type: 'text' };
import oneSql from '../../sql/experiments/one-experiment.sql' with { type: 'text' };
import { replayedHeader } from '../batches/write-items.ts';
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { id, pathWithId } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { idOfRequest } from '../http/request-key.ts';
import { type Experiment, experiment, look, plannedExperiment, statuses } from './answers.ts';
import { experimentChanges, newExperiment } from './fields.ts';
import { metricNames } from './metrics.ts';
import { type Baseline, outlookOf } from './outlook.ts';

interface Planned {
  readonly experiment: Experiment;
  readonly baseline: Baseline;
}

const withOutlook = ({ experiment, baseline }: Planned) => ({
  ...experiment,
  outlook: outlookOf(experiment, baseline),
});

/** What is said where an id is no experiment's. */
export const unknownExperiment = () => new Problem(404, 'No experiment has this id.');

/** `POST /v1/experiments`: a draft, with the effect it could show and the leads it would need. */
export const addExperiment = endpoint({
  creates: true,
  body: newExperiment,
  answers: {
    200: {
      description: 'This very request came before; nothing changed',
      schema: plannedExperiment,
    },
    201: { description: 'Stored', schema: plannedExperiment },
  },
  async run({ body, now, requestKey }) {
    const item = { ...body, id: idOfRequest(requestKey), ...requestKey };
    const [row] = await query<Planned & { replayed: boolean }>(addSql, { item, now });
    if (!row) throw new Error('add_experiment answered nothing');
    return {
      status: row.replayed ? 200 : 201,
      headers: {
        location: `/v1/experiments/${row.experiment.id}`,
        ...(row.replayed && replayedHeader),
      },
      body: withOutlook(row),
    };
  },
});

/** `PATCH /v1/experiments/{id}`: a draft wholly; one that was started in its words alone. */
export const changeExperiment = endpoint({
  path: pathWithId,
  body: experimentChanges,
  answers: { 200: { description: 'After the change', schema: plannedExperiment } },
  async run({ path, body, caller, now }) {
    const changes = { ...body, by: caller.key_id };
    const [row] = await query<Planned>(changeSql, { ...path, changes, now });
    if (!row) throw unknownExperiment();
    return { status: 200, body: withOutlook(row) };
  },
});

/** `GET /v1/experiments/{id}`: one experiment, with what its plan can show. */
export const showExperiment = endpoint({
  path: pathWithId,
  answers: { 200: { description: 'The experiment', schema: plannedExperiment } },
  async run({ path, now }) {
    const [row] = await query<Planned>(oneSql, { ...path, now });
    if (!row) throw unknownExperiment();
    return { status: 200, body: withOutlook(row) };
  },
});

const list = { name: 'experiments', item: experiment, most: 100 };

/** `GET /v1/experiments`: experiments, newest first. */
export const listExperiments = endpoint({
  query: listQuery(list, {
    status: z.optional(z.enum(statuses)),
    primary_metric: z.optional(z.enum(metricNames)),
    skill_id: z.optional(id),
  }),
  answers: pageForm(list),
  async run({ query: { cursor, format, ...filters } }) {
    const none = { status: null, primary_metric: null, skill_id: null };
    const rows = await query<ListRow>(listSql, { ...none, ...filters, ...startOf(cursor) });
    return pageOf(list, rows, { ...filters, format });
  },
});

/** `GET /v1/experiments/{id}/looks`: what each look saw, in order. At most 11 and one more. */
export const listLooks = endpoint({
  path: pathWithId,
  answers: {
    200: {
      description: 'The looks that were taken',
      schema: z.strictObject({ items: z.array(look) }),
    },
  },
  async run({ path }) {
    const rows = await query<{ look: z.infer<typeof look> | null }>(looksSql, path);
    if (rows.length === 0) throw unknownExperiment();
    return { status: 200, body: { items: rows.flatMap((row) => row.look ?? []) } };
  },
});
