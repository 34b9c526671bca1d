import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { createLocalKey } from '../../local/key-secret.ts';
import { startPostgres } from '../../local/postgres/start.ts';

type Start = typeof import('../../local/machine.ts').startMachine;
let startMachine: Start;
// A machine a process: clients and settings are made once in each.
beforeEach(async () => {
  vi.resetModules();
  ({ startMachine } = await import('../../local/machine.ts'));
});

test('started while its database is away, it takes leads in and stores them later', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-away-'));
  await chmod(folder, 0o755);
  const keySecretFile = join(folder, 'key-secret.json');
  const kept = { dataFolder: join(folder, 'data'), settings: { fsync: 'off' } };
  const before = await startPostgres(kept);
  await before.stop();
  const options = { databaseUrl: before.url, port: 0, keySecretFile };
  const said: string[] = [];
  const machine = await startMachine({ ...options, log: (sentence) => said.push(sentence) });
  const key = await createLocalKey(keySecretFile, { scopes: ['leads:write', 'reports:read'] });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ source: 'early', first_name: 'Ada' });
  const taken = await fetch(`${machine.url}/v1/leads`, { method: 'POST', headers, body });
  expect(taken.status).toBe(202);
  const { id } = (await taken.json()) as { id: string };
  expect(said).toEqual([expect.stringContaining('Leads are taken in and wait')]);

  const port = Number(new URL(before.url).port);
  const postgres = await startPostgres({ ...kept, port });
  await machine.upToDate;
  expect(said.at(-1)).toBe('The database answers, and is up to date.');
  await expect
    .poll(async () => (await fetch(`${machine.url}/v1/leads/${id}`, { headers })).status, {
      // The queue asks again after 5 to 30 seconds.
      timeout: 60_000,
    })
    .toBe(200);
  await machine.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}, 90_000);

test('it does not wait for a database that would never let it in', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-wrong-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ dataFolder: join(folder, 'data') });
  const databaseUrl = new URL(postgres.url);
  databaseUrl.pathname = '/no-such-database';
  const options = { port: 0, keySecretFile: join(folder, 'key-secret.json'), log: () => undefined };
  await expect(startMachine({ ...options, databaseUrl: databaseUrl.href })).rejects.toThrow(
    /not found/,
  );
  await postgres.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

test('who has nobody to tell does not start without its database', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-nobody-'));
  const keySecretFile = join(folder, 'key-secret.json');
  const databaseUrl = 'postgres://postgres@127.0.0.1:1/postgres';
  await expect(startMachine({ databaseUrl, port: 0, keySecretFile })).rejects.toThrow(
    /unavailable/,
  );
  await rm(folder, { recursive: true });
});
