import * as z from 'zod/mini';
import { query } from '../core/database/client.ts';
import { evaluateExperiments } from '../core/experiments/evaluate.ts';
import { newExperiment } from '../core/experiments/fields.ts';
import assignSql from './assign-leads.sql' with { type: 'text' };
import type { Trial } from './trials.ts';

const dayMs = 86_400_000;
const written = (at: number) => new Date(at).toISOString();

/**
 * Has leadpulse run the experiments over leads that are there, each step as of its time: a lead
 * gets its arm as it came in, and every day is evaluated. What comes out is not known here.
 */
export async function tryOut(trials: readonly Trial[], end: number): Promise<void> {
  for (const trial of trials) {
    const { startsAt, checks, endsAt } = trial;
    await begin(trial);
    await record(trial, end, null);
    let from = startsAt;
    for (const at of checks) {
      await assign(trial, from, at);
      await evaluateExperiments(written(at));
      from = at;
    }
    if (endsAt < end) await finish(trial);
    else await assign(trial, from, end);
    // History again, which rings nobody.
    await record(trial, end, written(Date.now()));
  }
}

async function begin({ id, plan, startsAt }: Trial): Promise<void> {
  const item = { ...z.parse(newExperiment, plan), id };
  const planned = written(startsAt - dayMs);
  await query('select from add_experiment(:item::jsonb, :planned::timestamptz)', { item, planned });
  await query("select from run_experiment(:id::uuid, 'running', 'demo', :at::timestamptz)", {
    ...{ id, at: written(startsAt) },
  });
}

/** Null: when they came in, since what is recorded a day later is in no experiment. */
async function record({ sources, startsAt, endsAt }: Trial, end: number, at: string | null) {
  await query(
    `update leads
     set recorded_at = coalesce(:at::timestamptz, created_at)
     where created_at >= :from::timestamptz
       and created_at < :to::timestamptz
       and :sources::jsonb ? source`,
    { sources, from: written(startsAt), to: written(Math.min(endsAt, end)), at },
  );
}

async function assign({ sources }: Trial, from: number, to: number): Promise<void> {
  await query(assignSql, { sources, from: written(from), to: written(to) });
}

/** One that had too few leads to be decided ends all the same, as it stands. */
async function finish({ id, endsAt, confirmedBy }: Trial): Promise<void> {
  const [row] = await query<{ decision: string }>(
    `select experiment ->> 'decision' as decision
     from stop_experiment(:id::uuid, 'demo', :at::timestamptz)`,
    { id, at: written(endsAt) },
  );
  if (!row || !confirmedBy) return;
  await query(
    `select
     from decide_experiment(:id::uuid, :decision::text, :by::text, null, :at::timestamptz)`,
    { id, decision: row.decision, by: confirmedBy, at: written(endsAt + dayMs) },
  );
}
