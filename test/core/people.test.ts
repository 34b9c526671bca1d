import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => {
  vi.useRealTimers();
  return api.close();
});

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const statusOf = async (token: string, path = '/v1/workspace') =>
  (await api.send('GET', path, as(token))).status;

/** The clock of the machine goes on, and never back; timers and database are the real ones. */
function pass(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
}

// First: the SDK would try again by itself once this clock is minutes ahead of the server's.
test('an outage keeps admins and managers in, and agents who came in before', async () => {
  await api.addAgent({ identity_subject: 'bob' });
  pass(60);
  const bob = await api.tokenOf('agent', 'bob');
  expect(await statusOf(bob)).toBe(200);
  pass(60);
  api.machine.dataApi.resume({ calls: 2 });
  // 503 comes from behind the door.
  expect(await statusOf(bob)).toBe(503);
  expect(await statusOf(bob)).toBe(200);
  expect(await statusOf(await api.tokenOf('manager'))).toBe(200);
});

test('an agent comes in as the active agent who is that person, after a minute', async () => {
  const token = await api.tokenOf('agent', 'ann');
  expect(await statusOf(token)).toBe(403);
  const ann = await api.addAgent({ identity_subject: 'ann' });
  pass(60);
  expect(await statusOf(token)).toBe(200);
  await api.patch(`/v1/agents/${ann}`, { active: false });
  pass(60);
  expect(await statusOf(token)).toBe(403);
});

test('who has several roles has the most powerful one', async () => {
  const { body } = await api.send('GET', '/v1/keys', as(await api.tokenOf('admin', 'ann')));
  expect(body.items).toEqual([]);
  expect(await statusOf(await api.tokenOf('manager', 'ann'), '/v1/keys')).toBe(403);
});

test('what a person moves on was done by the team, what a key does was not', async () => {
  const { headers: person } = as(await api.tokenOf('manager', 'max'));
  const headers = { ...person, 'content-type': 'application/json' };
  const moved = async (id: string, change: object) => {
    const body = JSON.stringify(change);
    expect((await api.send('PATCH', `/v1/leads/${id}`, { headers, body })).status).toBe(200);
    return (await api.get(`/v1/leads/${id}`)).body.first_human_contact_at;
  };
  const [byPerson, byMachine] = [await api.take(), await api.take()];
  expect(await moved(byPerson, { stage: 'contacted' })).not.toBeNull();
  // Unless the request says who.
  expect(await moved(byMachine, { stage: 'contacted', event_source: 'automation' })).toBeNull();
  const byKey = await api.take();
  await api.patch(`/v1/leads/${byKey}`, { stage: 'contacted' });
  expect((await api.get(`/v1/leads/${byKey}`)).body.first_human_contact_at).toBeNull();

  const answer = await api.send('POST', '/v1/leads', {
    headers,
    body: JSON.stringify({ source: 'walk-in', agent_id: await api.addAgent() }),
  });
  const { items } = (await api.get(`/v1/leads/${answer.body.id}/events`)).body;
  expect(items.map((event: { event_source: string }) => event.event_source)).toEqual([
    'agent',
    'agent',
  ]);
});

test('a correction names the person', async () => {
  const lead = await api.take();
  const options = as(await api.tokenOf('manager', 'mia'));
  const headers = { ...options.headers, 'content-type': 'application/json' };
  const body = JSON.stringify({ notes: 'call after six' });
  expect((await api.send('PATCH', `/v1/leads/${lead}`, { headers, body })).status).toBe(200);
  const { items } = (await api.get('/v1/corrections?corrected_by=person:mia')).body;
  expect(items).toMatchObject([{ subject_id: lead, corrected_by: 'person:mia' }]);
});

test('an admin who is a person makes keys, and is named on them', async () => {
  const options = as(await api.tokenOf('admin', 'ada'));
  const headers = { ...options.headers, 'content-type': 'application/json' };
  const body = JSON.stringify({ scopes: ['leads:write'] });
  const made = await api.send('POST', '/v1/keys', { headers, body });
  expect(made.body.created_by).toBe('person:ada');
});

test('the issuer tells where its keys are, and nothing of the private one', async () => {
  const { issuer } = api.signing;
  const read = async (url: string) => JSON.parse(await (await fetch(url)).text());
  const about = await read(`${issuer}/.well-known/openid-configuration`);
  expect(about.issuer).toBe(issuer);
  const { keys } = await read(about.jwks_uri);
  expect(Object.keys(keys[0]).sort()).toEqual(['e', 'kid', 'kty', 'n', 'use']);
});
