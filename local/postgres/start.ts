import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { placeData, prepareData } from './data-folder.ts';
import {
  alreadyRuns,
  clearEarlierServer,
  ownerSetting,
  type StopMode,
  stopServer,
} from './earlier-server.ts';
import { findPrograms, type Log, type Programs, processSettings } from './programs.ts';

/** A PostgreSQL of our own, reachable from this machine only, without a password. */
export interface PostgresServer {
  url: string;
  /** Where the data really is: not where it was wanted, when that place is closed to PostgreSQL. */
  dataFolder: string;
  /** True when this start has made the database. */
  firstRun: boolean;
  /** `immediate` is a crash: sessions are cut off, and the next start recovers. */
  stop(mode?: StopMode): Promise<void>;
  /** Settles when the server has ended and nobody had asked it to. */
  readonly endedByItself: Promise<void>;
}

interface Launch {
  folder: string;
  programs: Programs;
  settings: Record<string, string>;
  port: number | undefined;
  log: Log;
}

/**
 * Starts the PostgreSQL that comes with leadpulse on this data folder, making the database when
 * there is none. `settings` are PostgreSQL's own (`{ fsync: 'off' }`). What it throws is a
 * sentence for a person: folder in use, data of another version, no PostgreSQL for this machine.
 */
export async function startPostgres(options: {
  dataFolder: string;
  log?: Log;
  settings?: Record<string, string>;
  port?: number;
}): Promise<PostgresServer> {
  const { dataFolder, log = () => undefined, settings = {} } = options;
  const { folder, user } = await placeData(dataFolder, log);
  const programs = await findPrograms(user, log);
  const durable = settings.fsync !== 'off';
  const firstRun = await prepareData({ folder, programs, durable });
  await clearEarlierServer({ folder, programs, log });
  const launched = await launch({ folder, programs, settings, port: options.port, log });
  const { server, port } = launched;
  const ending = watchEnd({ folder, programs, server, log });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return { url, dataFolder: folder, firstRun, ...ending };
}

// 50 × 0.2 s: after kill -9 the server's children may hold the shared memory a little longer.
async function launch(options: Launch): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const started = await launchOnce(options, port);
    if (typeof started === 'object') return { server: started, port };
    if (/lock file .* already exists/.test(started)) throw alreadyRuns(options.folder);
    if (!/already in use|still in use/i.test(started) || attempt === 50) {
      throw new Error(`PostgreSQL did not start on ${options.folder}. It said:\n${started}`);
    }
    await pause(200);
  }
}

async function launchOnce(options: Launch, port: number): Promise<ChildProcess | string> {
  const { folder, programs } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Errors come with the statement and so with people's data; start and stop are logged anyway.
    log_min_messages: 'log',
    ...options.settings,
    [ownerSetting]: String(process.pid),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Detached: Ctrl-C in the terminal reaches us only, and we stop it when our own work is done.
  const server = spawn(join(programs.folder, 'bin', 'postgres'), ['-D', folder, ...flags], {
    ...processSettings(programs),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve) => {
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
      if (said.includes('ready to accept connections')) resolve(server);
    });
    server.once('error', (error) => resolve(error.message));
    // 'close', not 'exit': by then everything it said has been read.
    server.once('close', () => resolve(said.trim()));
  });
}

function watchEnd(options: Omit<Launch, 'settings' | 'port'> & { server: ChildProcess }) {
  const { folder, programs, server, log } = options;
  let stopping: Promise<void> | undefined;
  const hasEnded = () => server.exitCode !== null || server.signalCode !== null;
  const ended = new Promise<void>((resolve) => {
    if (hasEnded()) resolve();
    server.once('exit', () => resolve());
  });
  // The last resort of a process that ends without stop(): SIGINT is a fast shutdown too.
  const interrupt = () => server.kill('SIGINT');
  process.once('exit', interrupt);
  const endedByItself = ended.then(() => {
    process.off('exit', interrupt);
    const how = server.signalCode ?? `exit code ${server.exitCode}`;
    if (stopping) return new Promise<never>(() => undefined);
    log(`PostgreSQL has stopped by itself (${how}). Start leadpulse again.`);
  });
  const stopNow = async (mode: StopMode | undefined) => {
    if (hasEnded()) return;
    await stopServer({ folder, programs, mode }).catch((error) => {
      if (!hasEnded()) throw error;
    });
    await ended;
  };
  const stop = (mode?: StopMode) => {
    stopping ??= stopNow(mode);
    return stopping;
  };
  return { stop, endedByItself };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (!address || typeof address === 'string') throw new Error('This machine has no free port.');
  return address.port;
}
