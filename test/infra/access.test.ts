import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, idOf } from '../../core/access/keys.ts';
import { type Role, roleNames, rolesOf } from '../../core/catalogue/roles.ts';
import { isOpen, type Route, routeKey, routes, type Scope } from '../../core/catalogue/routes.ts';
import { entryOf, esbuildOptions } from '../../infra/bundling.ts';
import { type DataApi, startDataApi } from '../../local/data-api/server.ts';
import { startGateway } from '../../local/gateway/server.ts';
import { identityPages, issueToken } from '../../local/identity.ts';
import { localEnvironment } from '../../local/machine.ts';
import { createDatabase } from '../setup/database.ts';
import { wrongTokens } from '../setup/tokens.ts';
import { startBundle } from './bundle.ts';
import { authorizerEvent } from './events.ts';

// The bundle as it is deployed, byte by byte: bundles.test.ts compares them.
const scopes: Scope[] = ['reports:read', 'leads:write', 'events:write', 'admin'];
const secret = 's'.repeat(64);
const agentId = '0198c0de-0000-7000-8000-000000000001';

let folder: string;
let database: Awaited<ReturnType<typeof createDatabase>>;
let dataApi: DataApi;
let issuer: Awaited<ReturnType<typeof startGateway>>;
let signing: { file: string; issuer: string; audience: string };
let environment: Record<string, string>;
let authorizer: Awaited<ReturnType<typeof startBundle>>;
const revoked = createKey({ scopes }, secret);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadpulse-authorizer-'));
  const outfile = join(folder, 'index.mjs');
  await build({ ...esbuildOptions, entryPoints: [entryOf('authorize')], outfile });
  const [file, secretFile] = [join(folder, 'token-key.json'), join(folder, 'key-secret.json')];
  await writeFile(secretFile, JSON.stringify({ current: secret }));
  database = await createDatabase();
  await database.sql(
    `insert into api_keys (id, created_at, revoked_at, revoked_by) values ($1, now(), now(), 'x')`,
    [idOf(revoked)],
  );
  await database.sql(
    `insert into agent_profiles (id, first_name, last_name, identity_subject)
     values ($1, 'Ann', 'Lee', 'local-agent')`,
    [agentId],
  );
  dataApi = await startDataApi({ databaseUrl: database.url });
  issuer = await startGateway({ port: 0, handlers: {}, pages: identityPages(file) });
  signing = {
    file,
    issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1',
    audience: '1example23456789',
  };
  environment = {
    ...localEnvironment(database.url, dataApi.url),
    KEY_SECRET_FILE: secretFile,
    TOKEN_ISSUER: signing.issuer,
    TOKEN_AUDIENCE: signing.audience,
    TOKEN_KEYS_URL: `${issuer.url}/local/identity/.well-known/jwks.json`,
  };
  authorizer = await startBundle(outfile, environment);
});
afterAll(async () => {
  await authorizer.stop();
  await issuer.close();
  await dataApi.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const tokenOf = (role: Role, subject?: string) => issueToken({ ...signing, role, subject });

/** What the authorizer says of a caller on a route; by default the one that runs. */
const decide = (route: Route, token: string, by = authorizer) =>
  by.invoke(authorizerEvent({ routeKey: routeKey(route), authorization: `Bearer ${token}` }));

const guarded: [string, Route][] = routes
  .filter((route) => !isOpen(route))
  .map((route) => [routeKey(route), route]);

describe.each(guarded)('%s, at the deployed authorizer', (_key, route) => {
  test('is closed to whom nobody knows', async () => {
    const key = createKey({ scopes }, secret);
    const nobody: Record<string, string> = {
      'a key that nobody signed': 'lp_e30_x',
      'a key cut short': key.slice(0, -1),
      'a key of another workspace': createKey({ scopes }, 'o'.repeat(64)),
      'a key that is revoked': revoked,
      'an agent who is none': await tokenOf('agent', 'local-nobody'),
      ...(await wrongTokens(signing)).wrong,
    };
    const answers: Record<string, unknown> = {};
    for (const [who, token] of Object.entries(nobody)) answers[who] = await decide(route, token);
    const no = { isAuthorized: false, context: {} };
    expect(answers).toEqual(Object.fromEntries(Object.keys(nobody).map((who) => [who, no])));
  });

  test('is open to its scope and its roles, and handlers hear who it is', async () => {
    const { access } = route as { access: Scope };
    const others = createKey({ scopes: scopes.filter((scope) => scope !== access) }, secret);
    expect((await decide(route, others)).isAuthorized).toBe(false);
    const right = createKey({ scopes: [access] }, secret);
    const context = { key_id: idOf(right), scopes: access };
    expect(await decide(route, right)).toEqual({ isAuthorized: true, context });
    for (const role of roleNames) {
      const answer = await decide(route, await tokenOf(role));
      expect(answer.isAuthorized, role).toBe(rolesOf(route).includes(role));
      if (!answer.isAuthorized) continue;
      expect(answer.context).toMatchObject({ key_id: `person:local-${role}`, role });
      expect(answer.context.viewer_agent_id).toBe(role === 'agent' ? agentId : undefined);
    }
  });
});

describe('an authorizer that starts', () => {
  const workspace = guarded.find(([key]) => key === 'GET /v1/workspace')?.[1] as Route;

  async function cold<T>(
    changes: { TOKEN_KEYS_URL?: string; TOKEN_AUDIENCE?: undefined },
    look: (by: typeof authorizer) => Promise<T>,
  ): Promise<T> {
    const settings = Object.entries({ ...environment, ...changes });
    const given = settings.filter((entry): entry is [string, string] => entry[1] !== undefined);
    const by = await startBundle(join(folder, 'index.mjs'), Object.fromEntries(given));
    return look(by).finally(by.stop);
  }

  test('during an outage of the database knows a manager, and not whose leads an agent’s are', () =>
    cold({}, async (by) => {
      dataApi.resume({ calls: 1 });
      await expect(decide(workspace, await tokenOf('agent'), by)).rejects.toThrow(/which agent/);
      expect((await decide(workspace, await tokenOf('manager'), by)).isAuthorized).toBe(true);
    }));

  test('while the issuer is away decides on no token, and on keys as ever', () =>
    cold({ TOKEN_KEYS_URL: `${issuer.url}/nowhere` }, async (by) => {
      await expect(decide(workspace, await tokenOf('admin'), by)).rejects.toThrow(/issuer/);
      const key = createKey({ scopes }, secret);
      expect((await decide(workspace, key, by)).isAuthorized).toBe(true);
    }));

  test('without an audience takes no token at all', () =>
    cold({ TOKEN_AUDIENCE: undefined }, async (by) => {
      expect((await decide(workspace, await tokenOf('admin'), by)).isAuthorized).toBe(false);
    }));
});
