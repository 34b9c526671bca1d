import * as z from 'zod/mini';
import decideSql from '../../sql/experiments/decide-experiment.sql' with { type: 'text' };
import runSql from '../../sql/experiments/run-experiment.sql' with { type: 'text' };
import stopSql from '../../sql/experiments/stop-experiment.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { pathWithId, shortText } from '../http/fields.ts';
import { type Experiment, experiment } from './answers.ts';
import { unknownExperiment } from './experiments.ts';

const answers = { 200: { description: 'The experiment now', schema: experiment } };

const becomes = (status: 'running' | 'paused') =>
  endpoint({
    path: pathWithId,
    answers,
    async run({ path, caller, now }) {
      const given = { ...path, status, caller: caller.key_id, now };
      const [row] = await query<{ experiment: Experiment }>(runSql, given);
      if (!row) throw unknownExperiment();
      return { status: 200, body: row.experiment };
    },
  });

/** `POST /v1/experiments/{id}/start`: takes leads in, from now on; after a pause, again. */
export const startExperiment = becomes('running');

/** `POST /v1/experiments/{id}/pause`: takes no more leads in; those it has go on. */
export const pauseExperiment = becomes('paused');

/** `POST /v1/experiments/{id}/complete`: ends it as it stands, untested and undecided. */
export const completeExperiment = endpoint({
  path: pathWithId,
  answers,
  async run({ path, caller, now }) {
    const given = { ...path, caller: caller.key_id, now };
    const [row] = await query<{ experiment: Experiment }>(stopSql, given);
    if (!row) throw unknownExperiment();
    return { status: 200, body: row.experiment };
  },
});

/**
 * `POST /v1/experiments/{id}/decision`: confirms what was recommended, or decides otherwise and
 * says why. A skill that is kept becomes active, one that is killed deprecated.
 */
export const decideExperiment = endpoint({
  path: pathWithId,
  body: z.strictObject({
    decision: z.enum(['KEEP', 'KILL', 'INCONCLUSIVE']),
    because: z.optional(
      z.nullable(shortText(2000).check(z.refine((text) => text.trim() !== '', 'may not be blank'))),
    ),
  }),
  answers,
  async run({ path, body: { decision, because = null }, caller, now }) {
    const given = { ...path, decision, because, caller: caller.key_id, now };
    const [row] = await query<{ experiment: Experiment }>(decideSql, given);
    if (!row) throw unknownExperiment();
    return { status: 200, body: row.experiment };
  },
});
