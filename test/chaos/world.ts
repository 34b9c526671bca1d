import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type FaultFile, writeFaults } from '../../local/faults.ts';
import { startPostgres } from '../../local/postgres/start.ts';
import type { MachineAddresses, MachineOptions } from './machine.ts';
import { queuesAt } from './queues.ts';

/**
 * The database's process, leadpulse in another one, and the means to harm both. There is poison in
 * the queue.
 */
export async function startWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-chaos-'));
  // mkdtemp's 0700 would close it to the account PostgreSQL runs as when we are root.
  await chmod(folder, 0o755);
  const queueFolder = join(folder, 'queues');
  await mkdir(queueFolder);
  const database = await startDatabase(join(folder, 'postgres'));
  const faultsFile = join(folder, 'faults.json');
  const leadpulse = await startLeadpulse({
    databaseUrl: database.url,
    port: 0,
    keySecretFile: join(folder, 'key-secret.json'),
    queueFolder,
    faultsFile,
    migrates: true,
  });
  const queues = queuesAt(leadpulse.messagesUrl);
  await queues.plantPoison();
  return {
    folder,
    database,
    leadpulse,
    queues,
    /** What goes wrong with the stand-ins from now on. */
    plan: (plans: FaultFile) => writeFaults(faultsFile, plans),
    /**
     * Gives the database a past: 3,000 leads and `analyze`, as autovacuum does each minute. Plans
     * that were made on empty tables store 80 leads a second, these 2,000.
     */
    async age() {
      for (let thousand = 0; thousand < 3; thousand++) {
        const items = Array.from({ length: 1000 }, () => ({ source: 'past' }));
        const answer = await fetch(`${leadpulse.url}/v1/leads/batch`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${leadpulse.key}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ items }),
        });
        if (!answer.ok) throw new Error(`the past was answered with ${answer.status}`);
      }
      await database.sql('analyze');
    },
    async close() {
      await leadpulse.close();
      await database.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** A running world. */
export type World = Awaited<ReturnType<typeof startWorld>>;

async function startDatabase(dataFolder: string) {
  let server = await startPostgres({ dataFolder });
  const { url } = server;
  let isUp = true;
  const stop = async (mode?: 'immediate') => {
    if (isUp) await server.stop(mode);
    isUp = false;
  };
  return {
    url,
    stop: () => stop(),
    /** As by a crash: `pg_ctl stop -m immediate`. */
    crash: () => stop('immediate'),
    async start() {
      server = await startPostgres({ dataFolder, port: Number(new URL(url).port) });
      isUp = true;
    },
    /** Past the product, to look. */
    async sql<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
      const client = new pg.Client(url);
      await client.connect();
      try {
        return (await client.query<T>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

async function startLeadpulse(wanted: MachineOptions) {
  let options = wanted;
  let child: ChildProcess | undefined;
  let addresses: MachineAddresses | undefined;
  let closing = false;
  let restarting = false;
  let endedByItself = 0;
  let kills = 0;

  /** Until it is up. */
  async function start(): Promise<MachineAddresses> {
    let said = '';
    for (let tries = 0; !closing && tries < 120; tries++) {
      const started = startOnce(options);
      child = started.child;
      addresses = await started.addresses;
      if (addresses) {
        watch(child);
        return addresses;
      }
      said = started.said();
      await pause(500);
    }
    throw new Error(`leadpulse does not start. It said: ${said}`);
  }

  /** What a supervisor does when it ends by itself, which it should not. */
  function watch(watched: ChildProcess): void {
    watched.once('exit', () => {
      if (watched !== child || closing || restarting) return;
      endedByItself += 1;
      start().catch(() => undefined);
    });
  }

  const first = await start();
  // Where clients look for it, it comes back.
  options = { ...options, port: Number(new URL(first.url).port), migrates: false };
  return {
    url: first.url,
    key: first.key,
    kills: () => kills,
    endedByItself: () => endedByItself,
    /** The address of SNS and SQS, another one after each start. */
    messagesUrl: () => addresses?.messagesUrl ?? '',
    /** kill -9, at whatever point it is, and a new start. */
    async killAndRestart() {
      kills += 1;
      restarting = true;
      await kill(child);
      await start();
      restarting = false;
    },
    async close() {
      closing = true;
      await kill(child);
    },
  };
}

/** The first start makes this bundle, the others run it: code that changes meanwhile is not in. */
const bundle = '.leadpulse/build/test-chaos-machine/test-chaos-machine.mjs';

function startOnce(options: MachineOptions) {
  const [script, ...words] = options.migrates
    ? ['local/run.mjs', 'test/chaos/machine', JSON.stringify(options)]
    : [bundle, JSON.stringify(options)];
  const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
  const env = { ...process.env, AWS_LAMBDA_LOG_LEVEL: 'SILENT' };
  const child = fork(script, words, { stdio: [...stdio], env });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const ready = once(child, 'message').then(([addresses]) => addresses as MachineAddresses);
  const ended = once(child, 'exit').then(() => undefined);
  return { child, said: () => said, addresses: Promise.race([ready, ended]) };
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
