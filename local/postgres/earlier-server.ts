import { existsSync, readFileSync } from 'node:fs';
import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Log, type Programs, runProgram } from './programs.ts';

/** Our process id, told to the server, so that a later start can ask whether we still live. */
export const ownerSetting = 'leadpulse.owner';

/**
 * Sees to a server that still runs on the folder: stops one whose leadpulse was killed, throws a
 * sentence when its leadpulse lives. Removes a lock file that names a process of someone else.
 */
export async function clearEarlierServer(options: {
  folder: string;
  programs: Programs;
  log: Log;
}): Promise<void> {
  const { folder, programs, log } = options;
  const earlier = await findServer(folder);
  if (!earlier) return;
  if (isRunning(earlier.owner)) throw alreadyRuns(folder, earlier.owner);
  await stopServer({ folder, programs });
  log(`Stopped a PostgreSQL that a killed leadpulse had left running (process ${earlier.pid}).`);
}

/** How a server is stopped; `immediate` leaves recovery to the next start. */
export type StopMode = 'fast' | 'immediate';

/** Sessions are ended, what was committed is on disk. Throws when it takes 60 s. */
export async function stopServer(options: {
  folder: string;
  programs: Programs;
  mode?: StopMode | undefined;
}): Promise<void> {
  const { folder, programs, mode = 'fast' } = options;
  await runProgram(programs, ['pg_ctl', 'stop', '-D', folder, '-m', mode, '-w', '-t', '60']);
}

/** The sentence for a folder in use. */
export function alreadyRuns(folder: string, owner?: number): Error {
  const who = owner ? ` (process ${owner})` : '';
  return new Error(`leadpulse already runs on the data in ${folder}${who}. Stop that one first.`);
}

/** Whether a process of this id exists, ours or another user's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Dead, but not yet collected by its parent; in a container without an init, never collected. */
function isZombie(pid: number): boolean {
  const state = `/proc/${pid}/stat`;
  return existsSync(state) && /\) Z /.test(readFileSync(state, 'utf8'));
}

async function findServer(folder: string): Promise<{ pid: number; owner: number } | undefined> {
  // 600 × 0.1 s: a server that recovers from a crash, or is being stopped, gets a minute.
  for (let attempt = 1; attempt <= 600; attempt++) {
    const lock = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
    const [pid, , , port] = lock.split('\n').map(Number);
    if (!pid || !port) return undefined;
    // A lock whose process is gone is PostgreSQL's own business: it looks for survivors first. But
    // it takes a zombie for a living server, and would not start before someone collects it.
    if (isZombie(pid)) await rm(join(folder, 'postmaster.pid'), { force: true });
    if (!isRunning(pid)) return undefined;
    const answer = await ask(port);
    if (typeof answer === 'object' && (await isSame(answer.folder, folder))) {
      return { pid, owner: answer.owner };
    }
    // A second of refusals is no server between lock and listen: the id is someone else's by now,
    // as after a restarted container, where ids repeat. PostgreSQL itself would refuse to start.
    if (typeof answer === 'object' || (answer === 'ECONNREFUSED' && attempt >= 10)) {
      await rm(join(folder, 'postmaster.pid'), { force: true });
      return undefined;
    }
    await pause(100);
  }
  throw alreadyRuns(folder);
}

async function ask(port: number): Promise<{ folder: string; owner: number } | string> {
  const client = new pg.Client({
    connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      `select current_setting('data_directory') as folder,
              current_setting('${ownerSetting}', true) as owner`,
    );
    return { folder: rows[0].folder, owner: Number(rows[0].owner ?? 0) };
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([realpath(one).catch(() => one), realpath(other)]);
  return first === second;
}
