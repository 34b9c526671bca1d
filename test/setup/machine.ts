import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Role } from '../../core/catalogue/roles.ts';
import type { Scope } from '../../core/catalogue/routes.ts';
import { issueToken, localAudience, localIssuer } from '../../local/identity.ts';
import { createLocalKey } from '../../local/key-secret.ts';
import { startMachine } from '../../local/machine.ts';
import { createDatabase, type Kind } from './database.ts';
import { violations } from './openapi.ts';

const everything: Scope[] = ['reports:read', 'leads:write', 'events:write', 'admin'];

/** An answer of the API, its body parsed. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into bodies of every form
  body: any;
  text: string;
}

/** leadpulse on this machine, with a database of its own: what a test file talks to over HTTP. */
export async function startTestMachine(environment: Record<string, string> = {}, kind?: Kind) {
  Object.assign(process.env, environment);
  const database = await createDatabase(kind);
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-key-'));
  const keySecretFile = join(folder, 'key-secret.json');
  const started = await startMachine({ databaseUrl: database.url, port: 0, keySecretFile });
  const { calls } = started.dataApi;
  // What the authorizer reads once a minute is no request's own.
  const ofRequests = () => calls((sql) => !sql.startsWith('-- Which keys are revoked'));
  const machine = { ...started, dataApi: { ...started.dataApi, calls: ofRequests } };
  const keyWith = (scopes: Scope[], source?: string) =>
    createLocalKey(keySecretFile, { scopes, ...(source !== undefined && { source }) });
  const key = await keyWith(everything);
  const signing = {
    file: join(folder, 'token-key.json'),
    issuer: localIssuer(machine.url),
    audience: localAudience,
  };

  async function send(method: string, path: string, options: RequestInit = {}): Promise<ApiAnswer> {
    const response = await fetch(machine.url + path, {
      method,
      ...options,
      headers: { authorization: `Bearer ${key}`, ...options.headers },
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const body = type.includes('json') && text ? JSON.parse(text) : undefined;
    const wrong = violations({ method, path }, { status: response.status, type, body });
    if (wrong.length > 0) throw new Error(`not as described:\n${wrong.join('\n')}\n${text}`);
    return { status: response.status, headers: response.headers, body, text };
  }

  return {
    ...database,
    machine,
    databaseUrl: database.url,
    url: machine.url,
    key,
    keyWith,
    keySecretFile,
    /** How tokens of people are signed here. */
    signing,
    tokenOf: (role: Role, subject?: string) => issueToken({ ...signing, role, subject }),
    send,
    get: (path: string) => send('GET', path),
    post: (path: string, body: unknown) => sendJson('POST', path, body),
    put: (path: string, body: unknown) => sendJson('PUT', path, body),
    patch: (path: string, body: unknown) => sendJson('PATCH', path, body),
    /** Takes in a lead; its id. */
    take: (body: object = {}) => made('/v1/leads', { source: 'zillow', ...body }),
    /** Adds an agent; the id. */
    addAgent: (body: object = {}) =>
      made('/v1/agents', { first_name: 'Bea', last_name: 'Lund', ...body }),
    /** What happens while the database says that it wakes, and then no more. */
    async duringOutage<T>(work: () => Promise<T>): Promise<T> {
      machine.dataApi.resume({ milliseconds: 600_000 });
      try {
        return await work();
      } finally {
        machine.dataApi.resume({ milliseconds: 0 });
      }
    },
    /** What an address shows once it is there; of a list, once something is in it. */
    async present(path: string) {
      for (;;) {
        const answer = await send('GET', path);
        if (answer.status === 200 && (answer.body.total ?? 1) > 0) return answer.body;
        await pause(200);
      }
    },
    /** How often a statement met a deadlock, whether or not it was tried again. */
    async deadlocks(): Promise<number> {
      // What sessions did is counted when they end or idle for a while: ask them first.
      await database.sql('select pg_stat_force_next_flush()');
      const [row] = await database.sql<{ deadlocks: string }>(
        'select deadlocks from pg_stat_database where datname = current_database()',
      );
      return Number(row?.deadlocks);
    },
    async close() {
      await machine.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };

  async function made(path: string, body: object): Promise<string> {
    const answer = await sendJson('POST', path, body);
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer.body.id;
  }

  function sendJson(method: string, path: string, body: unknown): Promise<ApiAnswer> {
    const headers = { 'content-type': 'application/json' };
    return send(method, path, { headers, body: JSON.stringify(body) });
  }
}
