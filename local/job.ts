import { parseArgs } from 'node:util';
import { schedules } from '../core/catalogue/schedules.ts';
import { loadJobs } from './jobs.ts';
import { findRunning } from './running.ts';
import { momentOf } from './times.ts';

// By its function: one that two schedules name is one job.
const names = [...new Set(schedules.map((schedule) => schedule.function))];
const usage = `npm run job -- NAME [--at TIME]

  NAME  ${names.join(' or ')}
  --at  the time it is for, now when left out: 2026-11-22T10:00:00Z, or from now: +25h, =-90m, +2d`;

/** Runs one job of the running machine, as its schedule would, but in this process. */
async function runJob(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { at: { type: 'string' } },
  });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Error(usage);
  const job = names.find((known) => known === name);
  if (!job) throw new Error(`There is no job "${name}". The jobs: ${names.join(', ')}.`);
  const at = momentOf(values.at ?? '+0m', new Date());
  // A check may look ahead; a refresh would say that it knows what has not happened yet, and what
  // is not old enough yet would be gone.
  if (name !== 'check-sla' && at > new Date()) {
    throw new Error(`${name} cannot run for a time that has not come.`);
  }
  const { environment } = await findRunning();
  Object.assign(process.env, environment);
  const handlers = await loadJobs();
  const scheduled_at = `${at.toISOString().slice(0, 19)}Z`;
  const outcome = (await handlers[job]({ scheduled_at })) as Record<string, number>;
  const counts = Object.entries(outcome).map(([what, count]) => `${count} ${what}`);
  console.log(`${name} for ${scheduled_at}: ${counts.join(', ')}`);
}

runJob().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
