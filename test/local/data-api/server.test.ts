import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type DataApi, startDataApi } from '../../../local/data-api/server.ts';
import {
  type Endpoint,
  failure,
  localOnly,
  onAws,
  onServer,
  openEndpoint,
  target,
} from './endpoint.ts';

describe.skipIf(onAws)(`the local endpoint (${localOnly})`, () => {
  let endpoint: Endpoint;
  let api: DataApi;
  beforeAll(async () => {
    endpoint = await openEndpoint();
    if (!endpoint.api) throw new Error('There is no local endpoint');
    api = endpoint.api;
  });
  afterAll(() => endpoint.close());

  const body = JSON.stringify({ ...target, sql: 'select 1' });
  const post = (path: string, init: RequestInit = {}) =>
    fetch(`${api.url}${path}`, {
      method: 'POST',
      body,
      headers: { authorization: 'AWS4-HMAC-SHA256' },
      ...init,
    });

  it('counts the calls that reach it, refused ones too', async () => {
    api.resetCalls();
    await endpoint.run('select 1');
    await failure(endpoint.run('select'.repeat(2)));
    expect(api.calls()).toBe(2);
    api.resetCalls();
    expect(api.calls()).toBe(0);
  });

  it('resumes for a number of calls, and the client does not try again by itself', async () => {
    api.resetCalls();
    api.resume({ calls: 2 });
    for (let call = 0; call < 2; call += 1) {
      expect(await failure(endpoint.run('select 1'))).toMatchObject({
        name: 'DatabaseResumingException',
        $metadata: { httpStatusCode: 400, attempts: 1 },
      });
    }
    await endpoint.run('select 1');
    expect(api.calls()).toBe(3);
  });

  it('resumes for a time', async () => {
    api.resume({ milliseconds: 60_000 });
    expect((await failure(endpoint.run('select 1'))).name).toBe('DatabaseResumingException');
    api.resume({ milliseconds: 0 });
    await endpoint.run('select 1');
  });

  it('takes as long as it is told to', async () => {
    const slow = await openEndpoint({ latencyMs: 300 });
    const begin = performance.now();
    await slow.run('select 1');
    // Timers may fire a millisecond early.
    expect(performance.now() - begin).toBeGreaterThanOrEqual(299);
    await slow.close();
  });

  it('answers only on the loopback interface', async () => {
    const port = new URL(api.url).port;
    expect(new URL(api.url).hostname).toBe('127.0.0.1');
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of outside) {
      await expect(fetch(`http://${address}:${port}/Execute`)).rejects.toThrow();
    }
  });

  it('answers only what is signed, which a page in a browser cannot send', async () => {
    expect((await post('/Execute')).status).toBe(200);
    const unsigned = await post('/Execute', { headers: {} });
    expect(unsigned.status).toBe(403);
    expect(unsigned.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });

  it('knows five calls and no more', async () => {
    expect((await post('/ExecuteSql')).status).toBe(404);
    expect((await post('/toString')).status).toBe(404);
    expect((await post('/Execute', { method: 'PUT' })).status).toBe(404);
  });

  it.each(['', '{', 'null', '[]'])('refuses the body %j', async (broken) => {
    const answer = await post('/Execute', { body: broken });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-amzn-errortype')).toBe('ValidationException');
  });

  it('gives its port back when it is closed', async () => {
    const databaseUrl = inject('postgresUrl');
    const first = await startDataApi({ databaseUrl });
    await first.close();
    const port = Number(new URL(first.url).port);
    const second = await startDataApi({ databaseUrl, port });
    expect(second.url).toBe(first.url);
    await expect(startDataApi({ databaseUrl, port })).rejects.toThrow('EADDRINUSE');
    await second.close();
  });

  it('takes its leave of PostgreSQL, even when closed right after a call', async () => {
    const about = `where datname = '${target.database}'`;
    for (let turn = 0; turn < 10; turn += 1) {
      const brief = await openEndpoint();
      await Promise.all([brief.run('select 1'), brief.run('select 2')]);
      await brief.close();
    }
    const counted = `select sessions, sessions_abandoned from pg_stat_database ${about}`;
    await expect
      .poll(async () => Number((await onServer(counted)).rows[0].sessions))
      .toBeGreaterThanOrEqual(10);
    expect((await onServer(counted)).rows[0].sessions_abandoned).toBe('0');
  });

  it('cuts off what is still running when it is closed', async () => {
    const brief = await openEndpoint();
    const active = `select from pg_stat_activity
      where datname = '${target.database}' and query like '%pg_sleep(25)%' and state = 'active'`;
    const cut = failure(brief.run('select pg_sleep(25)::text'));
    await expect.poll(async () => (await onServer(active)).rowCount).toBe(1);
    await brief.close();
    expect(await cut).toBeInstanceOf(Error);
    await onServer(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = '${target.database}' and query like '%pg_sleep(25)%'`);
  });

  it('keeps no process alive once it is closed', async () => {
    const server = new URL('../../../local/data-api/server.ts', import.meta.url).href;
    const script = `
      const { startDataApi } = await import(${JSON.stringify(server)});
      const api = await startDataApi({ databaseUrl: ${JSON.stringify(inject('postgresUrl'))} });
      const headers = { authorization: 'AWS4-HMAC-SHA256' };
      const target = ${JSON.stringify({ ...target, database: 'postgres' })};
      const post = (path, more) => {
        const body = JSON.stringify({ ...target, ...more });
        return fetch(api.url + path, { method: 'POST', headers, body });
      };
      const answer = await post('/Execute', { sql: 'select 1' });
      await post('/BeginTransaction');
      await api.close();
      process.stdout.write(String(answer.status));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    const [code] = await once(child, 'close');
    expect([code, Buffer.concat(output).toString()]).toEqual([0, '200']);
  });
});
