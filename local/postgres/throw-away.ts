import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeData } from './data-folder.ts';
import { clearEarlierServer, isRunning } from './earlier-server.ts';
import { findPrograms } from './programs.ts';
import { type PostgresServer, startPostgres } from './start.ts';

const silently = () => undefined;

/**
 * Starts a PostgreSQL whose data nobody will miss: in a temporary folder of this process, which
 * `stop` removes, and written in no hurry. What killed processes have left behind under the same
 * `name` is removed first. `more` are settings of PostgreSQL's own.
 */
export async function startThrowAway(
  name: string,
  more: Record<string, string> = {},
): Promise<PostgresServer & { folder: string }> {
  const prefix = `leadpulse-${name}-`;
  await removeAbandoned(prefix);
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  // mkdtemp's 0700 would close it to the account PostgreSQL runs as when we are root.
  await chmod(folder, 0o755);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', ...more };
  const server = await startPostgres({ dataFolder: join(folder, 'postgres'), settings });
  const stop = async () => {
    await server.stop();
    await removeAll([server.dataFolder, folder]);
  };
  return { ...server, folder, stop };
}

async function removeAbandoned(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(prefix) && name.slice(prefix.length).split('-')[0]);
    if (!pid || isRunning(pid)) continue;
    // Another process may be removing it, or it may be another user's.
    await removeOne(join(tmpdir(), name)).catch(silently);
  }
}

async function removeOne(abandoned: string): Promise<void> {
  const { folder, user } = await placeData(join(abandoned, 'postgres'), silently);
  const programs = await findPrograms(user, silently);
  await clearEarlierServer({ folder, programs, log: silently });
  await removeAll([folder, abandoned]);
}

// Retried: a process of a server that was killed may be writing there still.
async function removeAll(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
