import { expect } from 'vitest';
import { type Route, routeKey } from '../../core/catalogue/routes.ts';
import { startTestMachine } from './machine.ts';
import { violations } from './openapi.ts';

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
  'PATCH /v1/skills/{id}': { status: 'paused' },
  'POST /v1/experiments': { name: 'fast-lane', primary_metric: 'response_rate' },
  'PATCH /v1/experiments/{id}': { hypothesis: 'who is called at once answers' },
  'POST /v1/experiments/{id}/start': {},
  'POST /v1/experiments/{id}/pause': {},
  'POST /v1/experiments/{id}/complete': {},
  'POST /v1/experiments/{id}/decision': { decision: 'INCONCLUSIVE' },
  'POST /v1/sla-policies': { name: 'night', priority: 7, target_minutes: 30 },
  'PATCH /v1/sla-policies/{id}': { target_minutes: 20 },
  'POST /v1/alert-rules': { name: 'overdue', metric: 'breached_leads', threshold: 3 },
  'PATCH /v1/alert-rules/{id}': { threshold: 4 },
  'POST /v1/incidents/{id}/acknowledge': {},
  'POST /v1/keys': { scopes: ['reports:read'] },
  'POST /v1/keys/{id}/revoke': {},
  'POST /v1/keys/{id}/rotate': { grace_hours: 0 },
};

/** A machine with one of each thing that a path can name. The lead is the agent's own. */
export async function startWithOneOfEach() {
  const api = await startTestMachine();
  const agents = await api.addAgent({ identity_subject: 'local-agent' });
  const leads = await api.take({ agent_id: agents });
  const call = { event_type: 'contacted', event_source: 'agent' };
  const event = await api.post(`/v1/leads/${leads}/events`, call);
  await api.put('/v1/hook-mappings/facebook', { preset: 'meta-lead-ads' });
  // The first one a process takes in reads the hook before; the others do not.
  await api.post('/v1/hooks/facebook', {});
  const policies = (await api.get('/v1/sla-policies')).body.items;
  const skill = await api.post('/v1/skills', { name: 'lead-scorer' });
  const plan = { name: 'night-calls', primary_metric: 'reply_rate' };
  const experiment = await api.post('/v1/experiments', plan);
  const running = await api.post('/v1/experiments', { ...plan, name: 'day-calls' });
  for (const { body } of [experiment, running]) {
    await api.post(`/v1/experiments/${body.id}/start`, {});
  }
  await api.post(`/v1/experiments/${experiment.body.id}/complete`, {});
  const rules = (await api.get('/v1/alert-rules')).body.items;
  const ids: Record<string, string> = {
    leads,
    agents,
    events: event.body.id,
    skills: skill.body.id,
    experiments: experiment.body.id,
    running: running.body.id,
    'sla-policies': policies[0].id,
    'alert-rules': rules[0].id,
    incidents: await openIncident(api),
  };
  return {
    api,
    /** A key that is nobody's yet, for the routes of keys. */
    async freshKey() {
      ids.keys = (await api.post('/v1/keys', { scopes: ['leads:write'] })).body.id;
    },
    send: (route: Route, authorization: string | undefined) =>
      send({ url: api.url, ids }, route, authorization),
  };
}

/** The incident of a lead that nobody called for two days. */
async function openIncident(api: Awaited<ReturnType<typeof startTestMachine>>): Promise<string> {
  await api.sql(
    `insert into leads (source, created_at, recorded_at)
     select 'zillow', at, at from (values (now() - interval '2 days')) as t (at)`,
  );
  await api.sql('select advance_incidents(now())');
  return (await api.get('/v1/incidents')).body.items[0].id;
}

/** Sends a route's request; its status. The answer is held against the API description. */
async function send(
  { url, ids }: { url: string; ids: Readonly<Record<string, string>> },
  route: Route,
  authorization: string | undefined,
) {
  // What is over neither starts nor pauses.
  const isOfRunning = /\/(start|pause)$/.test(route.path);
  const room = isOfRunning ? 'running' : (route.path.split('/')[2] ?? '');
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
  return fetch(url + path, options).then(async (response) => {
    const type = response.headers.get('content-type') ?? '';
    const text = await response.text();
    const body = type.includes('json') ? JSON.parse(text) : undefined;
    const request = { method: route.method, path };
    expect(violations(request, { status: response.status, type, body })).toEqual([]);
    return response.status;
  });
}
