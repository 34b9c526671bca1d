import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functions } from '../core/catalogue/functions.ts';
import { isOpen, type Route, routeKey, routes, type Scope } from '../core/catalogue/routes.ts';
import { startTestMachine } from './setup/machine.ts';
import { violations } from './setup/openapi.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startTestMachine();
  const lead = await api.post('/v1/leads', { source: 'zillow' });
  const agent = await api.post('/v1/agents', { first_name: 'Bea', last_name: 'Lund' });
  const call = { event_type: 'contacted', event_source: 'agent' };
  const event = await api.post(`/v1/leads/${lead.body.id}/events`, call);
  await api.put('/v1/hook-mappings/facebook', { preset: 'meta-lead-ads' });
  // The first one a process takes in reads the hook before; the others do not.
  await api.post('/v1/hooks/facebook', {});
  Object.assign(ids, { leads: lead.body.id, agents: agent.body.id, events: event.body.id });
});
afterAll(() => api.close());

const entries: [string, Route][] = routes.map((route) => [routeKey(route), route]);
const scopes: Scope[] = ['reports:read', 'leads:write', 'events:write', 'admin'];

/** A body that each writing route takes; a new route without one fails here. */
const bodies: Record<string, object> = {
  'POST /v1/leads': { source: 'facebook' },
  'POST /v1/leads/batch': { items: [{ source: 'facebook' }] },
  'POST /v1/events/batch': {
    items: [{ lead_external_id: 'z-1', event_type: 'responded', event_source: 'lead' }],
  },
  'POST /v1/leads/{id}/events': { event_type: 'responded', event_source: 'lead' },
  'PATCH /v1/leads/{id}': { notes: 'call after six' },
  'POST /v1/leads/{id}/erase': { reference: '2026-17' },
  'POST /v1/people/erase': { email: 'ada@example.com' },
  'POST /v1/people/export': { email: 'ada@example.com' },
  'POST /v1/events/{id}/void': { by: 'Bea', reason: 'wrong lead' },
  'POST /v1/agents': { first_name: 'Cal', last_name: 'Roe' },
  'POST /v1/agents/batch': { items: [{ first_name: 'Dan', last_name: 'Orr' }] },
  'POST /v1/skills/batch': { items: [{ name: 'night-watch' }] },
  'PUT /v1/spend': { source: 'zillow', from: '2026-03-01', to: '2026-04-01', amount: '900.00' },
  'PUT /v1/spend/batch': { items: [{ source: 'zillow', day: '2026-03-01', amount: 30 }] },
  'PATCH /v1/agents/{id}': { team: 'north' },
  'POST /v1/hooks/{source}': { id: '101', field_data: [] },
  'PUT /v1/hook-mappings/{source}': { preset: 'meta-lead-ads' },
  'POST /v1/hook-mappings/{source}/dry-run': { sample: {} },
  'POST /v1/skills': { name: 'instant-responder' },
};

/** The request of a route, and how it is sent; answers are held against the API description. */
function send(route: Route, authorization: string | undefined) {
  const room = route.path.split('/')[2] ?? '';
  const path = route.path
    .replace('{id}', ids[room] ?? '')
    .replace('{report}', 'trend')
    .replace('{source}', 'facebook');
  const body = bodies[routeKey(route)];
  if (route.method !== 'GET' && !body) throw new Error(`no body for ${routeKey(route)}`);
  const headers: Record<string, string> = {};
  if (authorization !== undefined) headers.authorization = authorization;
  if (body) headers['content-type'] = 'application/json';
  const options = { method: route.method, headers, ...(body && { body: JSON.stringify(body) }) };
  return fetch(api.url + path, options).then(async (response) => {
    const type = response.headers.get('content-type') ?? '';
    const text = await response.text();
    const body = type.includes('json') ? JSON.parse(text) : undefined;
    const request = { method: route.method, path };
    expect(violations(request, { status: response.status, type, body })).toEqual([]);
    return response.status;
  });
}

/** A hook that asks for a key: no authorizer stands before it, so it refuses by itself. */
async function knowsItsSender(route: Route) {
  const keys = [
    ['reports:read', undefined, 401],
    ['leads:write', 'zillow', 401],
    ['leads:write', 'facebook', 201],
    ['leads:write', undefined, 200],
  ] as const;
  for (const authorization of [
    undefined,
    '',
    'Bearer lp_e30_x',
    `Bearer ${api.key.slice(0, -1)}`,
  ]) {
    expect(await send(route, authorization)).toBe(401);
  }
  for (const [scope, source, status] of keys) {
    expect(await send(route, `Bearer ${await api.keyWith([scope], source)}`)).toBe(status);
  }
}

describe.each(entries)('%s', (_key, route) => {
  test('answers whom it should, and nobody else', async () => {
    const { access } = route;
    if (access === 'public') {
      expect(await send(route, undefined)).toBe(200);
      return;
    }
    if (access === 'hook') {
      await knowsItsSender(route);
      return;
    }
    const others = await api.keyWith(scopes.filter((scope) => scope !== access));
    expect(await send(route, undefined)).toBe(401);
    expect(await send(route, '')).toBe(401);
    expect(await send(route, 'Bearer lp_e30_x')).toBe(403);
    expect(await send(route, 'Basic bGVhZDpwdWxzZQ==')).toBe(403);
    expect(await send(route, `Bearer ${api.key.slice(0, -1)}`)).toBe(403);
    expect(await send(route, `Bearer ${others}`)).toBe(403);
    expect(await send(route, `Bearer ${await api.keyWith([access])}`)).toBeLessThan(300);
  });

  test('makes at most one call of the Data API', async () => {
    api.machine.dataApi.resetCalls();
    await send(route, `Bearer ${api.key}`);
    expect(api.machine.dataApi.calls()).toBeLessThanOrEqual(1);
  });
});

// Who erased or took out whose data is an admin's to see.
const adminReads = ['GET /v1/audit'];

test('every function of a route exists, and only GET is read with reports:read', () => {
  for (const route of routes) {
    expect(functions[route.function].trigger).toBe('http');
    if (isOpen(route)) continue;
    const isRead = route.method === 'GET' && !adminReads.includes(routeKey(route));
    expect(route.access === 'reports:read', routeKey(route)).toBe(isRead);
  }
});
