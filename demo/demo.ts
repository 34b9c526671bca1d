import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scopes } from '../core/access/keys.ts';
import { watchAlerts } from '../local/alerts.ts';
import { loadJobs } from '../local/jobs.ts';
import { createLocalKey } from '../local/key-secret.ts';
import { startMachine } from '../local/machine.ts';
import { startThrowAway } from '../local/postgres/throw-away.ts';
import { checkMinutesOf, startSchedules } from '../local/schedules.ts';
import { goOn } from './go-on.ts';
import { loadYear } from './load.ts';
import { greetingOf } from './sights.ts';
import { splitAt, yearOf } from './year.ts';

const usage = `npm run demo [-- --leads N]

  --leads  about how many leads the year has, 20000 when left out`;

const log = (line: string) => console.log(line);
const stopping = new AbortController();
/** Settles on Ctrl-C, fails with what nobody has caught. */
const over = Promise.withResolvers<void>();
const steps: (() => unknown)[] = [];

/** Has `step` run at the end: what was started last stops first. */
const atEnd = (step: () => unknown) => steps.unshift(step);

/** A year of a made-up team in a database of its own, and what comes after it. */
async function demo(leads: number): Promise<void> {
  const begun = performance.now();
  const checkMinutes = checkMinutesOf(process.env.CHECK_MINUTES || '60');
  const timezone = process.env.WORKSPACE_TIMEZONE || 'America/New_York';
  process.env.WORKSPACE_TIMEZONE = timezone;
  const starting = start();
  const end = Date.now();
  const year = yearOf({ seed: 7, end, leads, timezone });
  const { machine, key } = await starting;
  const { url } = machine;
  const many = splitAt(year.leads, end).before.length.toLocaleString('en-US');
  log(`The year of a made-up team of ${year.agents.length} comes in: ${many} leads …`);
  await loadYear({ url, key }, year, end);
  const jobs = await loadJobs();
  await jobs['refresh-metrics']({ scheduled_at: `${new Date(end).toISOString().slice(0, 19)}Z` });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  log(`… and is there after ${seconds} s.\n\n${greetingOf(year, { url, key })}`);
  atEnd(startSchedules({ timezone, handlers: jobs, checkMinutes }).stop);
  atEnd(watchAlerts(machine.messages, log).stop);
  const { signal } = stopping;
  await goOn({ address: { url, key }, year, end, signal, refused: ({ message }) => log(message) });
  if (!signal.aborted) log('Weeks have gone by for the team: no more leads come in.');
}

async function start() {
  const starting = startThrowAway('demo');
  atEnd(() => starting.then(({ stop }) => stop()).catch(() => undefined));
  const { url: databaseUrl, folder, endedByItself } = await starting;
  endedByItself.then(() => over.reject(new Error('PostgreSQL has stopped by itself.')));
  const keySecretFile = join(folder, 'key-secret.json');
  const port = Number(process.env.PORT || 4000);
  const machine = await startMachine({ databaseUrl, port, keySecretFile }).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use. Choose another one: PORT=${port + 1} npm run demo`);
  });
  atEnd(machine.close);
  const key = await createLocalKey(keySecretFile, { scopes: [...scopes] });
  return { machine, key };
}

/** The first Ctrl-C ends it in good order, the second one at once. */
function listen(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(1);
      log('\nStopping …');
      stopping.abort();
      over.resolve();
    });
  }
  process.on('uncaughtException', over.reject);
}

function leadsWanted(): number {
  const { values } = parseArgs({ options: { leads: { type: 'string' } } });
  const leads = Number(values.leads ?? 20_000);
  if (Number.isInteger(leads) && leads >= 100 && leads <= 100_000) return leads;
  throw new Error(`--leads is a number from 100 to 100000.\n\n${usage}`);
}

let code = 0;
try {
  listen();
  demo(leadsWanted()).catch(over.reject);
  await over.promise;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  code = 1;
}
stopping.abort();
while (steps.length > 0) {
  const step = steps.shift();
  await (async () => step?.())().catch(console.error);
}
process.exit(code);
