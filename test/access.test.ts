import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Role, roleNames, rolesOf } from '../core/catalogue/roles.ts';
import { isOpen, type Route, routeKey, routes, type Scope } from '../core/catalogue/routes.ts';
import { startWithOneOfEach } from './setup/each-route.ts';
import { wrongTokens } from './setup/tokens.ts';

const scopes: Scope[] = ['reports:read', 'leads:write', 'events:write', 'admin'];

let scene: Awaited<ReturnType<typeof startWithOneOfEach>>;
/** Who never comes in, by what is wrong; what stands in their authorization header. */
let nobody: Record<string, string>;
let people: Record<Role, string>;

beforeAll(async () => {
  scene = await startWithOneOfEach();
  const { key, keyWith, post, signing, tokenOf } = scene.api;
  const revoked = (await post('/v1/keys', { scopes })).body;
  await post(`/v1/keys/${revoked.id}/revoke`, {});
  people = {
    admin: await tokenOf('admin'),
    manager: await tokenOf('manager'),
    agent: await tokenOf('agent'),
  };
  const { valid, wrong } = await wrongTokens(signing);
  const credentials = {
    'a key that nobody signed': 'lp_e30_x',
    'a key cut short': key.slice(0, -1),
    'a key with more behind it': `${key}_x`,
    'a key that is revoked': revoked.key,
    'an agent who is none': await tokenOf('agent', 'local-nobody'),
    ...wrong,
  };
  nobody = {
    'another scheme': 'Basic bGVhZDpwdWxzZQ==',
    'a token without its scheme': valid,
    'two keys': `Bearer ${key} ${await keyWith(scopes)}`,
    ...Object.fromEntries(Object.entries(credentials).map(([name, t]) => [name, `Bearer ${t}`])),
  };
  // The minute after which everybody knows who is revoked, and who is an agent.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  expect(await scene.send(workspace, `Bearer ${valid}`)).toBe(200);
});
beforeEach(() => scene.freshKey());
afterAll(() => {
  vi.useRealTimers();
  return scene.api.close();
});

const named = (key: string) => routes.find((route) => routeKey(route) === key) as Route;
const workspace = named('GET /v1/workspace');
const entries: [string, Route][] = routes.map((route) => [routeKey(route), route]);
const guarded = entries.filter(([, route]) => !isOpen(route));

describe.each(entries.filter(([, { access }]) => access === 'public'))('%s', (_key, route) => {
  test('is open to everybody', async () => {
    expect(await scene.send(route, undefined)).toBe(200);
    expect(await scene.send(route, 'Bearer lp_e30_x')).toBe(200);
  });
});

describe.each(guarded)('%s', (_key, route) => {
  test('is closed to whom nobody knows', async () => {
    expect(await scene.send(route, undefined)).toBe(401);
    expect(await scene.send(route, '')).toBe(401);
    const answers: Record<string, number> = {};
    for (const [who, header] of Object.entries(nobody)) {
      answers[who] = await scene.send(route, header);
    }
    expect(answers).toEqual(Object.fromEntries(Object.keys(nobody).map((who) => [who, 403])));
  });

  test('is open to a key with its scope, and to no other', async () => {
    const { access } = route as { access: Scope };
    const others = await scene.api.keyWith(scopes.filter((scope) => scope !== access));
    expect(await scene.send(route, `Bearer ${others}`)).toBe(403);
    const right = await scene.api.keyWith([access]);
    expect(await scene.send(route, `Bearer ${right}`)).toBeLessThan(300);
  });

  test('is open to people whose role is for it, and to no others', async () => {
    for (const role of roleNames) {
      const status = await scene.send(route, `Bearer ${people[role]}`);
      if (!rolesOf(route).includes(role)) expect(status, role).toBe(403);
      // 409: another caller was first.
      else expect(status < 300 || status === 409, `${role} gets ${status}`).toBe(true);
    }
  });
});

// It asks for a key, and no authorizer stands before it: it refuses by itself.
describe.each(entries.filter(([, { access }]) => access === 'hook'))('%s', (_key, route) => {
  test('is closed to whom nobody knows', async () => {
    for (const header of [undefined, '', ...Object.values(nobody)]) {
      expect(await scene.send(route, header), header).toBe(401);
    }
    // A person is no sender.
    expect(await scene.send(route, `Bearer ${people.admin}`)).toBe(401);
  });

  test.each([
    ['reports:read', undefined, 401],
    ['leads:write', 'zillow', 401],
    ['leads:write', 'facebook', 201],
    ['leads:write', undefined, 200],
  ] as const)('answers a key with %s of the source %s by %d', async (scope, source, status) => {
    const key = await scene.api.keyWith([scope], source);
    expect(await scene.send(route, `Bearer ${key}`)).toBe(status);
  });
});

const openTo = (role: Role) =>
  guarded.filter(([, route]) => rolesOf(route).includes(role)).map(([key]) => key);

test('an admin may call everything, a manager all that takes no admin', () => {
  expect(openTo('admin')).toEqual(guarded.map(([key]) => key));
  const without = guarded.filter(([, { access }]) => access !== 'admin');
  expect(openTo('manager')).toEqual(without.map(([key]) => key));
});

// All of them hold an agent to the own leads by themselves, and tests of theirs say so.
test('an agent may call what a manager may, but for what is of the whole team', () => {
  const closed = openTo('manager').filter((key) => !openTo('agent').includes(key));
  expect(closed).toEqual([
    'GET /v1/spend',
    'GET /v1/alert-rules',
    'GET /v1/sla-policies',
    'GET /v1/incidents',
    'GET /v1/incidents/{id}',
    'POST /v1/incidents/{id}/acknowledge',
    'GET /v1/experiments',
    'GET /v1/experiments/{id}',
    'GET /v1/experiments/{id}/looks',
    'GET /v1/hook-mappings',
    'GET /v1/hook-mappings/{source}',
    'GET /v1/hook-presets',
  ]);
});
