import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  lchown,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isRunning } from './earlier-server.ts';
import { type Log, type Programs, runProgram, type SystemUser } from './programs.ts';

// "nobody" on most systems; PostgreSQL needs no entry for it in the passwd file.
const unprivileged: SystemUser = { uid: 65_534, gid: 65_534 };

/** Picks the account that will own the data (PostgreSQL refuses root) and a folder open to it. */
export async function placeData(
  wanted: string,
  log: Log,
): Promise<{ folder: string; user: SystemUser | undefined }> {
  const folder = resolve(wanted);
  await mkdir(dirname(folder), { recursive: true });
  const owner = await stat(folder).catch(() => undefined);
  const self = process.getuid?.();
  if (self !== 0) {
    if (!owner || self === undefined || owner.uid === self) return { folder, user: undefined };
    throw new Error(
      `The data folder ${folder} belongs to another user (uid ${owner.uid}). ` +
        'Start leadpulse as that user, or delete the folder to begin with an empty database.',
    );
  }
  // Someone's own data, started with sudo this time: go on as that someone.
  const user = owner?.uid ? { uid: owner.uid, gid: owner.gid } : unprivileged;
  if (await isReachable(dirname(folder), user)) return { folder, user };
  const checkout = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  const outside = `/var/lib/leadpulse/${checkout}`;
  await mkdir(dirname(outside), { recursive: true });
  await chmod(dirname(outside), 0o755);
  log(`The database is in ${outside}: ${folder} is closed to the user PostgreSQL has to run as.`);
  return { folder: outside, user: unprivileged };
}

/** Makes the folder a database of our version, whatever an earlier start left; true when new. */
export async function prepareData(options: {
  folder: string;
  programs: Programs;
  durable: boolean;
}): Promise<boolean> {
  const { folder, programs } = options;
  await removeHalfMade(folder);
  const entries = await readdir(folder).catch((): string[] => []);
  if (entries.length === 0) return initialise(options);
  if (!entries.includes('PG_VERSION')) {
    throw new Error(
      `${folder} is not a PostgreSQL data folder, but there are files in it. ` +
        'Move them away, or name another folder.',
    );
  }
  const found = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  const [major] = programs.version.split('.');
  if (found !== major) {
    throw new Error(
      `The data in ${folder} is of PostgreSQL ${found}, and leadpulse runs PostgreSQL ${major}. ` +
        'Move the folder away to begin with an empty database, ' +
        `or set DATABASE_URL to a PostgreSQL ${found} server of your own.`,
    );
  }
  await giveTo(folder, programs.user);
  return false;
}

// initdb killed half-way leaves a folder that looks whole: work beside it and rename when done.
async function initialise(options: Parameters<typeof prepareData>[0]): Promise<boolean> {
  const { folder, programs, durable } = options;
  const unfinished = `${folder}.new-${process.pid}`;
  await mkdir(unfinished, { mode: 0o700 });
  if (programs.user) await chown(unfinished, programs.user.uid, programs.user.gid);
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=trust'];
  const sync = durable ? [] : ['--no-sync'];
  try {
    await runProgram(programs, ['initdb', '-D', unfinished, ...locale, ...access, ...sync]);
    await rmdir(folder).catch(() => undefined);
    await rename(unfinished, folder);
    return true;
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    // A twin that was faster has made the database; who may start it, its lock file decides.
    if (existsSync(join(folder, 'PG_VERSION'))) return false;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Could not make a database in ${folder}: ${reason.trim()}`, { cause });
  }
}

async function removeHalfMade(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    const [start, pid] = name.split('.new-');
    if (start !== basename(folder) || !pid) continue;
    if (isRunning(Number(pid)) && Number(pid) !== process.pid) continue;
    // Retried: the initdb of a killed leadpulse may still be writing there.
    await rm(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 10 });
  }
}

// A copy made by root belongs to root, and PostgreSQL starts only on data of its own account.
async function giveTo(folder: string, user: SystemUser | undefined): Promise<void> {
  if (!user || (await stat(folder)).uid === user.uid) return;
  const entries = await readdir(folder, { recursive: true });
  for (const entry of ['.', ...entries]) await lchown(join(folder, entry), user.uid, user.gid);
}

async function isReachable(folder: string, { uid }: SystemUser): Promise<boolean> {
  const path = await realpath(folder);
  const { mode, uid: owner } = await stat(path);
  if (!(mode & (owner === uid ? 0o100 : 0o001))) return false;
  return dirname(path) === path || isReachable(dirname(path), { uid, gid: uid });
}
