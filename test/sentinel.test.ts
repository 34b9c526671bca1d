import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Route, routeKey, routes } from '../core/catalogue/routes.ts';
import { schedules } from '../core/catalogue/schedules.ts';
import { noteBack } from '../core/queue/breaker.ts';
import { writeMessage } from '../core/queue/message.ts';
import { handler as storeQueued } from '../functions/store-queued.ts';
import { loadJobs } from '../local/jobs.ts';
import { type ApiAnswer, startTestMachine } from './setup/machine.ts';
import { waiting } from './setup/waiting.ts';

/**
 * A person who is nowhere else: whatever of this turns up where people are not kept, was leaked.
 * Each has a word that no text of ours has.
 */
const person = {
  first_name: 'Quillonia',
  last_name: 'Vexworth',
  email: 'quillonia.vexworth@snorbleplex.example',
  phone: '+1 415 555 0187',
  property_address: '77 Grimblewick Lane',
  property_city: 'Oxtermouth',
  property_zip: 'ZQ9 7XV',
  notes: 'Prefers a call after dinner, says Frondelia',
  referrer_url: 'https://snorbleplex.example/?who=quillonia',
  raw_data: { answer: 'Brumblethwaite' },
};
const words = ['quillonia', 'vexworth', 'snorbleplex', '555 ?0187', 'grimblewick', 'oxtermouth'];
const planted = new RegExp([...words, 'zq9', 'frondelia', 'brumblethwaite'].join('|'), 'i');

let api: Awaited<ReturnType<typeof startTestMachine>>;
const logged: string[] = [];
const restore: (() => void)[] = [];
const told: ApiAnswer[] = [];
const ids: Record<string, string> = {};

beforeAll(async () => {
  const metrics = { METRICS_SERVICE: 'leadpulse-test', METRICS_FUNCTION: 'all' };
  api = await startTestMachine({ AWS_LAMBDA_LOG_LEVEL: 'DEBUG', ...metrics });
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array) => {
      logged.push(String(chunk));
      return true;
    };
    restore.push(() => {
      stream.write = write;
    });
  }
  const agent = { first_name: 'Quillonia', last_name: 'Vexworth', external_id: 'vexworth' };
  ids.agents = (await api.post('/v1/agents', agent)).body.id;
  ids.leads = await api.take(person);
  const call = { event_type: 'contacted', event_source: 'agent', details: { said: 'Frondelia' } };
  ids.events = (await api.post(`/v1/leads/${ids.leads}/events`, call)).body.id;
});
afterAll(async () => {
  for (const undo of restore) undo();
  process.env.AWS_LAMBDA_LOG_LEVEL = 'SILENT';
  delete process.env.METRICS_SERVICE;
  await api.close();
});

/** What each route that writes is sent of the person, rightly; a new one without fails here. */
const right: Record<string, object> = {
  'POST /v1/leads': { source: 'zillow', ...person },
  'POST /v1/leads/batch': { items: [{ source: 'zillow', ...person }] },
  'POST /v1/events/batch': {
    items: [{ lead_external_id: 'Vexworth', event_type: 'responded', event_source: 'lead' }],
  },
  'POST /v1/leads/{id}/events': {
    event_type: 'responded',
    event_source: 'lead',
    details: { text: 'Frondelia' },
  },
  'PATCH /v1/leads/{id}': { ...person, notes: 'Frondelia called back' },
  'POST /v1/events/{id}/void': { by: 'Quillonia Vexworth', reason: 'not Frondelia' },
  'POST /v1/keys': { scopes: ['leads:write'], label: 'of Quillonia Vexworth', source: 'Vexworth' },
  'POST /v1/keys/{id}/revoke': {},
  'POST /v1/keys/{id}/rotate': {},
  'POST /v1/leads/{id}/erase': {},
  'POST /v1/people/erase': { email: person.email, phone: person.phone },
  'POST /v1/people/export': { email: person.email, phone: person.phone },
  'POST /v1/hooks/{source}': { id: 'Vexworth', full_name: 'Quillonia Vexworth', ...person },
  'PUT /v1/hook-mappings/{source}': { preset: 'html-form', secrets: ['Frondelia Frondelia'] },
  'POST /v1/hook-mappings/{source}/dry-run': { sample: person },
  'POST /v1/agents': { first_name: 'Quillonia', last_name: 'Vexworth', email: person.email },
  'POST /v1/agents/batch': { items: [{ first_name: 'Quillonia', last_name: 'Vexworth' }] },
  'PATCH /v1/agents/{id}': { email: person.email, phone: person.phone },
  'POST /v1/skills': { name: 'sentinel', description: 'for Quillonia Vexworth' },
  'POST /v1/skills/batch': { items: [{ name: 'sentinels', spawned_by: person.email }] },
  'PATCH /v1/skills/{id}': { description: 'for Quillonia Vexworth' },
  'POST /v1/experiments': {
    name: 'for Quillonia Vexworth',
    primary_metric: 'reply_rate',
    segment_filter: { source: 'Vexworth' },
  },
  'PATCH /v1/experiments/{id}': { description: 'for Quillonia Vexworth' },
  'POST /v1/experiments/{id}/start': {},
  'POST /v1/experiments/{id}/pause': {},
  'POST /v1/experiments/{id}/complete': {},
  'POST /v1/experiments/{id}/decision': { decision: 'KEEP', because: 'Frondelia says so' },
  'POST /v1/sla-policies': { name: 'Vexworth', priority: 7, target_minutes: 30 },
  'PATCH /v1/sla-policies/{id}': { name: 'Vexworths' },
  // Alerts tell the name of their rule.
  'POST /v1/alert-rules': { name: 'overdue', metric: 'breached_leads', threshold: 3 },
  'PATCH /v1/alert-rules/{id}': { name: 'long-overdue' },
  'POST /v1/incidents/{id}/acknowledge': person,
  'PUT /v1/spend': { source: 'Vexworth', day: '2026-03-01', amount: 30 },
  'PUT /v1/spend/batch': { items: [{ source: 'Vexworth', day: '2026-03-01', amount: 30 }] },
};

/** The person as the value of whatever is not meant for people. */
const wrong: object[] = [
  { source: 'zillow', quality_score: person.first_name },
  { source: 'zillow', created_at: person.first_name, estimated_value: person.email },
  { source: 'zillow', email: `${person.email}${'x'.repeat(400)}` },
  { source: 'zillow', agent_id: person.first_name, duplicate_of: person.last_name },
  { source: 'zillow', agent_external_id: person.email },
  { source: 'zillow', phone: [person.phone], raw_data: person.notes },
  { source: 'zillow', first_name: `${person.first_name}\0`, raw_data: { a: `Vexworth\ud800` } },
  { source: 'zillow', raw_data: { text: person.notes.repeat(1000) } },
  { event_type: person.first_name, event_source: person.email },
  { event_type: 'closed', event_source: 'skill:vexworth', value: person.phone },
  { items: [{ source: 'zillow', quality_score: person.first_name }, person.last_name] },
  { first_name: person.first_name, last_name: '', external_id: { of: person.email } },
];

/** Every word of ours that came of it: headers, and of bodies those that tell of a problem. */
async function send(method: string, path: string, body?: unknown, headers: object = {}) {
  const answer = await api.send(method, path, {
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  told.push(answer);
  return answer;
}

const pathOf = (route: Route, id?: string) =>
  route.path
    .replace('{id}', id ?? ids[route.path.split('/')[2] ?? ''] ?? '')
    .replace('{source}', id ?? 'facebook')
    .replace('{report}', id ?? 'trend');

describe.each(routes.map((route) => [routeKey(route), route] as const))('%s', (key, route) => {
  const body = route.method === 'GET' ? undefined : right[key];

  test('is asked rightly, wrongly and for somebody who is not there', async () => {
    if (route.method !== 'GET') expect(body, `what ${key} takes of a person`).toBeDefined();
    await send(route.method, pathOf(route), body);
    await send(route.method, pathOf(route), body, { 'idempotency-key': 'Vexworth' });
    await send(route.method, pathOf(route, crypto.randomUUID()), body);
    await send(route.method, pathOf(route, encodeURIComponent(person.email)), body);
    const query = new URLSearchParams({ from: person.first_name, q: person.email, cursor: 'Zm9v' });
    await send(route.method, `${pathOf(route)}?${query}`, body);
    if (route.method === 'GET') return;
    for (const item of wrong) await send(route.method, pathOf(route), item);
    await send(route.method, pathOf(route), `{"first_name": "${person.first_name}`);
    await send(route.method, pathOf(route), person.notes, { 'content-type': 'text/plain' });
  });
});

test('the database refuses, is slow to say what, and is away', async () => {
  const twin = { first_name: 'Cal', last_name: 'Roe', external_id: 'Vexworth' };
  await send('POST', '/v1/agents', twin);
  await send('PATCH', `/v1/agents/${ids.agents}`, { external_id: 'Vexworth' });
  await api.sql(`
    alter table leads
      add constraint nobody_of_that_name check (last_name <> 'Vexworth') not valid`);
  await send('POST', '/v1/leads', { source: 'zillow', ...person });
  await api.sql('alter table leads drop constraint nobody_of_that_name');
  await api.duringOutage(async () => {
    for (const route of routes) await send(route.method, pathOf(route), right[routeKey(route)]);
    // A hook that was never read: nobody can know yet whether this may come in.
    const unread = `/v1/hooks/${encodeURIComponent(person.email)}?q=${person.first_name}`;
    expect((await send('POST', unread, person)).status).toBe(202);
    expect((await send('POST', unread, person, { authorization: '' })).status).toBe(202);
  });
  noteBack();
  expect(told.some(({ status }) => status === 202)).toBe(true);
  expect(told.some(({ status }) => status === 503)).toBe(true);
});

/** What the queue hands over is stored, put aside or dropped. */
async function storeMessage(body: string): Promise<void> {
  const attributes = { SentTimestamp: String(Date.now()) };
  const record = { messageId: '1', receiptHandle: '1', body, attributes };
  await storeQueued({ Records: [record] } as never, {} as never);
}

test('what is poison says why, and not what it is', async () => {
  const item = { id: crypto.randomUUID(), source: 'VEXWORTH', event_source: 'agent', ...person };
  await storeMessage(JSON.stringify({ version: 1, kind: 'leads', item }));
  const { Messages = [] } = await api.machine.messages.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: api.machine.messages.deadLettersUrl,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  expect(Messages[0]?.Body).toMatch(planted);
  const { Body: _, ...around } = Messages[0] ?? {};
  expect(JSON.stringify(around)).toContain('leads_source_normalised');
  expect(JSON.stringify(around)).not.toMatch(planted);
});

test('what is dropped says which it was, and not what', async () => {
  const body = JSON.stringify(person);
  const item = waiting(person.email, { body, query: `q=${person.notes}` });
  await storeMessage(writeMessage('submissions', item));
  const line = logged.find((text) => text.includes('"dropped"') && text.includes(item.id));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ kind: 'submissions', status: 401 });
});

test('alerts tell how many wait, not who', async () => {
  await api.take(person);
  const handlers = await loadJobs();
  // A noon more than a day ahead: what waits has waited, and the digest is due.
  const at = `${new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10)}T12:00:00Z`;
  for (const { function: name } of schedules) await handlers[name]({ scheduled_at: at });
  const alerts = await api.machine.messages.receive({ waitSeconds: 5 });
  const text = JSON.stringify(alerts);
  for (const transition of ['opened', 'digest']) expect(text).toContain(`"${transition}"`);
  expect(text).not.toMatch(planted);
});

// Last: what all of it has left behind.
describe('nothing of the person is', () => {
  test('in a line of the log, or of metrics', () => {
    const lines = logged.filter((line) => line.startsWith('{"level"'));
    expect(lines.length).toBeGreaterThan(told.length);
    expect(logged.filter((line) => line.startsWith('{"_aws"')).length).toBeGreaterThan(100);
    expect(lines.some((line) => line.includes('"level":"ERROR"'))).toBe(true);
    expect(logged.filter((line) => planted.test(line))).toEqual([]);
  });

  test('in an answer that tells of a problem, or in a header of any', () => {
    const problems = told.filter(({ status }) => status >= 400);
    expect(problems.length).toBeGreaterThan(100);
    expect(problems.map(({ text }) => text).filter((text) => planted.test(text))).toEqual([]);
    const headers = told.map((answer) => JSON.stringify([...answer.headers]));
    expect(headers.filter((text) => planted.test(text))).toEqual([]);
  });

  test('in what the jobs have written of their runs', async () => {
    const rows = await api.sql('select * from job_runs, alert_messages');
    expect(JSON.stringify(rows)).not.toMatch(planted);
  });
});
