import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { functions } from '../core/catalogue/functions.ts';
import { isOpen, type Route, routeKey, routes } from '../core/catalogue/routes.ts';
import { startWithOneOfEach } from './setup/each-route.ts';

let scene: Awaited<ReturnType<typeof startWithOneOfEach>>;
beforeAll(async () => {
  scene = await startWithOneOfEach();
});
beforeEach(() => scene.freshKey());
afterEach(() => vi.useRealTimers());
afterAll(() => scene.api.close());

const entries: [string, Route][] = routes.map((route) => [routeKey(route), route]);

describe.each(entries)('%s', (_key, route) => {
  test('makes at most one call of the Data API', async () => {
    // The authorizer reads by itself who is revoked, once a minute: this minute it has.
    vi.useFakeTimers({ toFake: ['Date'] });
    const { get, key, machine } = scene.api;
    await get('/v1/workspace');
    machine.dataApi.resetCalls();
    await scene.send(route, `Bearer ${key}`);
    expect(machine.dataApi.calls()).toBeLessThanOrEqual(1);
  });
});

// Who may come in, and who erased or took out whose data, is an admin's to see.
const adminReads = ['GET /v1/audit', 'GET /v1/keys'];

test('every function of a route exists, and only GET is read with reports:read', () => {
  for (const route of routes) {
    expect(functions[route.function].trigger).toBe('http');
    if (isOpen(route)) continue;
    const isRead = route.method === 'GET' && !adminReads.includes(routeKey(route));
    expect(route.access === 'reports:read', routeKey(route)).toBe(isRead);
  }
});
