import type pg from 'pg';
import { formatInstant } from '../oracle/local-time.ts';
import type { Assignment, Experiment, Facts, LookFact, Micros } from '../oracle/types.ts';

type Runner = Pick<pg.Pool, 'query'>;

const text = (at: Micros | null) => (at === null ? null : formatInstant(at));

/** Stores experiments, who is in them, and the looks that were taken. */
export async function storeExperiments(
  db: Runner,
  { experiments, assignments }: Pick<Facts, 'experiments' | 'assignments'>,
): Promise<void> {
  await db.query(
    `insert into lead_experiments (
       id, name, primary_metric, status, created_at, started_at, ended_at, assigned_during,
       outcome_window_hours, traffic_split, target_sample_size, min_duration_days,
       max_duration_days, alpha, looks, evaluated_at, warnings, decision, decision_code,
       decision_reason, decided_at, decided_because
     )
     select
       id, name, primary_metric, status, created_at, started_at, ended_at, assigned_during,
       outcome_window_hours, traffic_split, target_sample_size, min_duration_days,
       max_duration_days, alpha, looks, evaluated_at, warnings, decision, decision_code,
       decision_reason, decided_at, decided_because
     from jsonb_populate_recordset(null::lead_experiments, $1)`,
    [JSON.stringify(experiments.map(experimentRow))],
  );
  await db.query(
    `insert into lead_experiment_assignments (
       id, lead_id, experiment_id, group_name, assigned_at, unit_id, in_both_arms
     )
     select id, lead_id, experiment_id, group_name, assigned_at, unit_id, in_both_arms
     from jsonb_populate_recordset(null::lead_experiment_assignments, $1)`,
    [
      JSON.stringify(
        assignments.map((one) => ({ ...one, assigned_at: formatInstant(one.assigned_at) })),
      ),
    ],
  );
  await db.query(
    `insert into lead_experiment_looks (
       experiment_id, look_no, taken_at, planned, information, p_allowed, decision, control_n,
       treatment_n, health, decision_code, decision_reason, engine_version, input, input_sha256
     )
     select
       experiment_id, look_no, taken_at, planned, information, p_allowed, decision, 0, 0, '{}',
       'CONTINUE', '', 1, '{}', ''
     from jsonb_populate_recordset(null::lead_experiment_looks, $1)`,
    [JSON.stringify(experiments.flatMap(lookRows))],
  );
}

function experimentRow({ taken: _, spans, ...experiment }: Experiment) {
  const ranges = spans.map(([from, to]) => `[${formatInstant(from)},${text(to) ?? ''})`);
  return {
    ...experiment,
    created_at: formatInstant(experiment.created_at),
    started_at: text(experiment.started_at),
    ended_at: text(experiment.ended_at),
    evaluated_at: text(experiment.evaluated_at),
    decided_at: text(experiment.decided_at),
    assigned_during: `{${ranges.join(',')}}`,
  };
}

function lookRows({ id, taken }: Experiment) {
  return taken.map((look) => ({
    ...look,
    experiment_id: id,
    taken_at: formatInstant(look.taken_at),
  }));
}

const micros = (at: string | null) => (at === null ? null : BigInt(at));

/** Reads the experiments that a database holds. */
export async function readExperiments(
  db: Runner,
): Promise<Pick<Facts, 'experiments' | 'assignments'>> {
  const { rows: looks } = await db.query(
    `select
       experiment_id, look_no, (extract(epoch from taken_at) * 1000000)::bigint::text as taken_at,
       planned, information::float8 as information, p_allowed::float8 as p_allowed, decision
     from lead_experiment_looks
     order by look_no`,
  );
  const { rows: experiments } = await db.query(
    `select
       id, name, primary_metric, status, outcome_window_hours,
       traffic_split::float8 as traffic_split, target_sample_size, min_duration_days,
       max_duration_days, alpha::float8 as alpha, looks::float8[] as looks, warnings, decision,
       decision_code, decision_reason, decided_because,
       (extract(epoch from created_at) * 1000000)::bigint::text as created_at,
       (extract(epoch from started_at) * 1000000)::bigint::text as started_at,
       (extract(epoch from ended_at) * 1000000)::bigint::text as ended_at,
       (extract(epoch from evaluated_at) * 1000000)::bigint::text as evaluated_at,
       (extract(epoch from decided_at) * 1000000)::bigint::text as decided_at,
       array(
         select
           array[
             (extract(epoch from lower(r)) * 1000000)::bigint::text,
             (extract(epoch from upper(r)) * 1000000)::bigint::text
           ]
         from unnest(assigned_during) as r
       ) as spans
     from lead_experiments`,
  );
  const { rows: assignments } = await db.query(
    `select
       id, experiment_id, lead_id, group_name, unit_id, in_both_arms,
       (extract(epoch from assigned_at) * 1000000)::bigint::text as assigned_at
     from lead_experiment_assignments`,
  );
  const taken = Map.groupBy(looks, (look) => look.experiment_id);
  return {
    experiments: experiments.map((row) => ({
      ...row,
      created_at: BigInt(row.created_at),
      started_at: micros(row.started_at),
      ended_at: micros(row.ended_at),
      evaluated_at: micros(row.evaluated_at),
      decided_at: micros(row.decided_at),
      spans: row.spans.map((span: (string | null)[]) => span.map(micros)),
      taken: (taken.get(row.id) ?? []).map(
        ({ experiment_id: _, ...look }): LookFact => ({ ...look, taken_at: BigInt(look.taken_at) }),
      ),
    })),
    assignments: assignments.map(
      (row): Assignment => ({ ...row, assigned_at: BigInt(row.assigned_at) }),
    ),
  };
}
