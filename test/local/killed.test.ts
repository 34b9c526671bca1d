import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from '../../local/postgres/start.ts';

// As in a container without an init, after leadpulse and PostgreSQL were both killed.
test.skipIf(process.platform !== 'linux')(
  'a killed PostgreSQL that nobody collected does not keep us out',
  async () => {
    const parent = await mkdtemp(join(tmpdir(), 'leadpulse-zombie-'));
    await chmod(parent, 0o755);
    const options = { dataFolder: join(parent, 'data'), settings: { fsync: 'off' } };
    await startPostgres(options).then((first) => first.stop());
    // The child ends when sleep has taken the shell's place, and sleep never collects it.
    // PostgreSQL looks at processes of its own account alone: ours, or where we are root, nobody's.
    const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const holder = spawn('bash', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], account);
    try {
      const zombie = Number(String(await once(holder.stdout, 'data')));
      while (!readFileSync(`/proc/${zombie}/stat`, 'utf8').includes(') Z ')) await pause(20);
      const lock = `${zombie}\n${options.dataFolder}\n0\n5432\n\n127.0.0.1\n`;
      await writeFile(join(options.dataFolder, 'postmaster.pid'), lock);
      const second = await startPostgres(options);
      expect(second.firstRun).toBe(false);
      await second.stop();
    } finally {
      holder.kill('SIGKILL');
      await rm(parent, { recursive: true, force: true, maxRetries: 10 });
    }
  },
);

test('a PostgreSQL that is killed tells who started it', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'leadpulse-killed-'));
  await chmod(parent, 0o755);
  const said: string[] = [];
  const server = await startPostgres({
    dataFolder: join(parent, 'data'),
    settings: { fsync: 'off' },
    log: (sentence) => said.push(sentence),
  });
  const lock = readFileSync(join(server.dataFolder, 'postmaster.pid'), 'utf8');
  process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
  await server.endedByItself;
  expect(said.at(-1)).toMatch(/stopped by itself \(SIGKILL\)\. Start leadpulse again/);
  await rm(parent, { recursive: true, force: true, maxRetries: 10 });
});

test('after a crash PostgreSQL comes back on its port, with what was committed', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'leadpulse-crash-'));
  await chmod(parent, 0o755);
  const options = { dataFolder: join(parent, 'data'), settings: { fsync: 'off' } };
  const first = await startPostgres(options);
  const client = new pg.Client(first.url);
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table kept as select 1 as n');
  await client.query('begin');
  await client.query('insert into kept values (2)');
  const dropped = once(client, 'error');
  await first.stop('immediate');
  await dropped;
  const second = await startPostgres({ ...options, port: Number(new URL(first.url).port) });
  expect(second.url).toBe(first.url);
  const again = new pg.Client(second.url);
  await again.connect();
  expect((await again.query('select n from kept')).rows).toEqual([{ n: 1 }]);
  await again.end();
  await second.stop();
  await rm(parent, { recursive: true, force: true, maxRetries: 10 });
});
