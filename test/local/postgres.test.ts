import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRunning } from '../../local/postgres/earlier-server.ts';
import { type PostgresServer, startPostgres } from '../../local/postgres/start.ts';

let parent: string;
let dataFolder: string;
let said: string[];
let servers: PostgresServer[];
let children: ChildProcess[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'leadpulse-postgres-'));
  await chmod(parent, 0o755);
  dataFolder = join(parent, 'data');
  said = [];
  servers = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  for (const server of servers) await server.stop();
  // What a failed test left running; one of the tests puts our own id into the lock file.
  const left = await serverPid().catch(() => process.pid);
  if (left !== process.pid && isRunning(left)) process.kill(left, 'SIGKILL');
  await rm(parent, { recursive: true, force: true, maxRetries: 10 });
});

async function start(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const log = (sentence: string) => said.push(sentence);
  const server = await startPostgres({ dataFolder, log, settings: { fsync: 'off', ...settings } });
  servers.push(server);
  return server;
}

async function query(url: string, statement: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

/** A leadpulse of its own in another process, which says its url and ends as the script does. */
async function startElsewhere(
  script: string,
): Promise<{ child: ChildProcess; says: () => Promise<string> }> {
  const entry = join(import.meta.dirname, '../../local/postgres/start.ts');
  const options = JSON.stringify({ dataFolder, settings: { fsync: 'off' } });
  const source = `
    import pg from 'pg';
    import { startPostgres } from ${JSON.stringify(entry)};
    const server = await startPostgres(${options});
    ${script}
    console.log(server.url);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: join(import.meta.dirname, '../..'),
    // A process group of its own, so that a test can do to it what Ctrl-C in a terminal does.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, says: async () => String((await lines.next()).value) };
}

async function serverPid(folder = dataFolder): Promise<number> {
  return Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

async function processThatHasEnded(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return Number(child.pid);
}

describe('a database of our own', () => {
  test('is made once, in UTF-8, and keeps its rows from one start to the next', async () => {
    const first = await start({ work_mem: '7MB' });
    expect(first.firstRun).toBe(true);
    expect(first.url).toMatch(/^postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres$/);
    await query(first.url, `create table kept as select 'José' as name`);
    const facts = await query(
      first.url,
      `select datlocprovider, datlocale, pg_encoding_to_char(encoding), upper('é'),
              current_setting('listen_addresses'), current_setting('unix_socket_directories'),
              current_setting('work_mem'), current_setting('timezone')
       from pg_database where datname = 'postgres'`,
    );
    expect(facts).toEqual([['b', 'C.UTF-8', 'UTF8', 'É', '127.0.0.1', '', '7MB', 'UTC']]);
    await first.stop();
    await first.stop();
    const second = await start();
    expect(second.firstRun).toBe(false);
    expect(await query(second.url, 'select name from kept')).toEqual([['José']]);
    expect(said).toEqual([]);
  });

  test('has what was committed when PostgreSQL is killed', async () => {
    const first = await start({ fsync: 'on' });
    await query(first.url, 'create table kept as select 1 as one');
    process.kill(await serverPid(), 'SIGKILL');
    await until(() => said.length > 0);
    expect(said).toEqual(['PostgreSQL has stopped by itself (SIGKILL). Start leadpulse again.']);
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select one from kept')).toEqual([[1]]);
  });

  test('is refused to a second leadpulse while the first lives', async () => {
    const first = await startElsewhere('setInterval(() => {}, 1000);');
    const url = await first.says();
    const refusal = `already runs on the data in ${dataFolder} (process ${first.child.pid}).`;
    await expect(start()).rejects.toThrow(refusal);
    expect(await query(url, 'select 1')).toEqual([[1]]);
  });

  test('is taken over from a leadpulse that was killed', async () => {
    const first = await startElsewhere('setInterval(() => {}, 1000);');
    await query(await first.says(), 'create table kept as select 1 as one');
    const orphan = await serverPid();
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    expect(isRunning(orphan)).toBe(true);
    const second = await start();
    expect(said).toEqual([
      `Stopped a PostgreSQL that a killed leadpulse had left running (process ${orphan}).`,
    ]);
    expect(isRunning(orphan)).toBe(false);
    expect(await query(second.url, 'select one from kept')).toEqual([[1]]);
  });

  test('outlives Ctrl-C until leadpulse has stopped it', async () => {
    const first = await startElsewhere(`
      process.once('SIGINT', async () => {
        const client = new pg.Client({ connectionString: server.url });
        await client.connect();
        console.log((await client.query('select 42 as answer')).rows[0].answer);
        await client.end();
        await server.stop();
      });`);
    await first.says();
    process.kill(-Number(first.child.pid), 'SIGINT');
    expect(await first.says()).toBe('42');
    await once(first.child, 'exit');
    expect(first.child.exitCode).toBe(0);
    expect(existsSync(join(dataFolder, 'postmaster.pid'))).toBe(false);
  });

  test('is shut down by a leadpulse that ends without stopping it', async () => {
    const first = await startElsewhere('setTimeout(() => process.exit(), 0);');
    await once(first.child, 'exit');
    await until(() => !existsSync(join(dataFolder, 'postmaster.pid')));
    expect((await start()).firstRun).toBe(false);
    expect(said).toEqual([]);
  });
});

describe('what an earlier start left behind', () => {
  test('a folder of another major version is refused and left as it is', async () => {
    await mkdir(dataFolder);
    await writeFile(join(dataFolder, 'PG_VERSION'), '17\n');
    const sentence = `${dataFolder} is of PostgreSQL 17, and leadpulse runs PostgreSQL 18.`;
    await expect(start()).rejects.toThrow(sentence);
    expect(await readFile(join(dataFolder, 'PG_VERSION'), 'utf8')).toBe('17\n');
  });

  test('a folder with other files in it is refused', async () => {
    await mkdir(dataFolder);
    await writeFile(join(dataFolder, 'letter.txt'), 'Dear');
    await expect(start()).rejects.toThrow('is not a PostgreSQL data folder');
  });

  test('a half-made database is thrown away and made again', async () => {
    const leftover = `${dataFolder}.new-${await processThatHasEnded()}`;
    await mkdir(leftover);
    await writeFile(join(leftover, 'PG_VERSION'), '18\n');
    expect((await start()).firstRun).toBe(true);
    expect(existsSync(leftover)).toBe(false);
  });

  test('being killed while the database is made does no harm', async () => {
    const first = await startElsewhere('');
    const unfinished = `${dataFolder}.new-${first.child.pid}`;
    await until(() => existsSync(unfinished) || first.child.exitCode !== null);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await start();
    expect(await query(second.url, 'select 1')).toEqual([[1]]);
    expect(existsSync(unfinished)).toBe(false);
  });

  test('a lock file that names a process of someone else does not keep us out', async () => {
    const first = await start();
    await first.stop();
    // Line 1 is the process, line 4 the port: ours lives, and nothing listens on port 1.
    const lock = `${process.pid}\n${dataFolder}\n1700000000\n1\n\n127.0.0.1\n`;
    await writeFile(join(dataFolder, 'postmaster.pid'), lock, { mode: 0o600 });
    const second = await start();
    expect(await query(second.url, 'select 1')).toEqual([[1]]);
  });
});

describe('a machine that is not as we like it', () => {
  test('without a PostgreSQL package the sentence names DATABASE_URL', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { ...platform, value: 'sunos' });
    try {
      await expect(start()).rejects.toThrow(/sunos-.* is not installed.*DATABASE_URL/);
    } finally {
      Object.defineProperty(process, 'platform', { ...platform });
    }
  });

  test('root with a closed folder gets one outside', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root runs PostgreSQL as another user');
    await chmod(parent, 0o700);
    const first = await start();
    try {
      expect(first.dataFolder).not.toBe(dataFolder);
      expect(said.join()).toContain(`The database is in ${first.dataFolder}`);
      await query(first.url, 'create table kept as select 1 as one');
      await first.stop();
      const second = await start();
      expect(second.firstRun).toBe(false);
      expect(await query(second.url, 'select one from kept')).toEqual([[1]]);
      await second.stop();
    } finally {
      await first.stop();
      await rm(first.dataFolder, { recursive: true, force: true });
      await rmdir(dirname(first.dataFolder)).catch(() => undefined);
    }
  });
});
