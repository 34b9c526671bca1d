import { scopes } from '../core/access/keys.ts';
import { settings } from '../core/settings.ts';
import { watchAlerts } from './alerts.ts';
import { watchDeadLetters } from './dead-letters.ts';
import { loadJobs } from './jobs.ts';
import { createLocalKey, keySecretFile } from './key-secret.ts';
import { openMachine } from './open-machine.ts';
import { announce, withdraw } from './running.ts';
import { checkMinutesOf, startSchedules } from './schedules.ts';

const log = (line: string) => console.log(line);

async function start(): Promise<void> {
  const port = portOf(process.env.PORT || '4000');
  const checkMinutes = checkMinutesOf(process.env.CHECK_MINUTES || '60');
  const machine = await openMachine({ port, log, waits: true }).catch((error) => {
    throw sentenceOf(error, port);
  });
  try {
    const timezone = settings().WORKSPACE_TIMEZONE;
    const handlers = await loadJobs();
    // Of a database that is away nothing is made up for: what was missed is, once it is there.
    let schedules: ReturnType<typeof startSchedules> | undefined;
    machine.upToDate.then(
      () => {
        schedules = startSchedules({ timezone, handlers, checkMinutes });
      },
      () => undefined,
    );
    const alerts = watchAlerts(machine.messages, log);
    const deadLetters = watchDeadLetters(machine.messages, log);
    stopOnSignals(async () => {
      await Promise.all([withdraw(), schedules?.stop(), alerts.stop(), deadLetters.stop()]);
      await machine.close();
    });
    await announce(machine);
    await greet(machine.url);
  } catch (error) {
    await machine.close();
    throw error;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new Error(`PORT must be a number up to 65535, and is "${text}".`);
}

async function greet(url: string): Promise<void> {
  const key = await createLocalKey(keySecretFile, { scopes: [...scopes] });
  log(`leadpulse is ready at ${url}

Your key, for everything:

  export LEADPULSE_KEY=${key}

The reports: ${url}/#${key}

A first lead:

  curl ${url}/v1/leads -H "authorization: Bearer $LEADPULSE_KEY" \\
    -H 'content-type: application/json' \\
    -d '{"source": "zillow", "first_name": "Ada", "phone": "+1 415 555 0132"}'

What if nobody calls for 25 hours? The alert will show up here:

  npm run job -- check-sla --at +25h

Stop with Ctrl-C.`);
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log('\nStopping …');
      stop().then(
        () => process.exit(0),
        (error) => fail(error),
      );
    });
  }
}

function sentenceOf(error: unknown, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'EADDRINUSE') return error;
  return new Error(`Port ${port} is in use. Choose another one: PORT=${port + 1} npm start`);
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

start().catch(fail);
