import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { idOf } from '../../core/access/keys.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => {
  vi.useRealTimers();
  return api.close();
});

const lead = { source: 'zillow' };

/** The status a key gets for a lead. */
async function statusOf(key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify(lead);
  return (await api.send('POST', '/v1/leads', { headers, body })).status;
}

async function make(body: object = {}) {
  const answer = await api.post('/v1/keys', { scopes: ['leads:write'], ...body });
  expect(answer.status).toBe(201);
  return answer.body as { id: string; key: string };
}

/** The clock of the machine goes on, and never back; timers and database are the real ones. */
function pass(seconds: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now + seconds * 1000 });
}

// First: the SDK would try again by itself once this clock is 5 minutes ahead of the server's.
test('an outage neither opens nor closes the door', async () => {
  const scopes = ['reports:read'];
  const [revoked, valid] = [await make({ scopes }), await make({ scopes })];
  const statusOf = async ({ key }: { key: string }) =>
    (await api.send('GET', '/v1/workspace', { headers: { authorization: `Bearer ${key}` } }))
      .status;
  await api.post(`/v1/keys/${revoked.id}/revoke`, {});
  pass(60);
  expect(await statusOf(revoked)).toBe(403);
  pass(60);
  api.machine.dataApi.resume({ calls: 2 });
  // 503 comes from behind the door, 403 from the door.
  expect(await statusOf(valid)).toBe(503);
  expect(await statusOf(revoked)).toBe(403);
  expect(await statusOf(valid)).toBe(200);
});

test('a key works at once, and its text is told once and stored nowhere', async () => {
  const answer = await api.post('/v1/keys', {
    label: 'the form of the website',
    scopes: ['events:write', 'leads:write'],
    source: ' Zillow ',
  });
  expect(answer.body).toMatchObject({
    created_by: idOf(api.key),
    label: 'the form of the website',
    scopes: ['leads:write', 'events:write'],
    source: 'zillow',
    revoked_at: null,
  });
  const { key, ...listed } = answer.body;
  expect(idOf(key)).toBe(listed.id);
  expect(await statusOf(key)).toBe(201);
  const { body } = await api.get('/v1/keys');
  expect(body.items).toContainEqual(listed);
  const rows = await api.sql('select * from api_keys');
  const [, payload = '', mac = ''] = key.split('_');
  for (const part of [payload, mac]) expect(JSON.stringify(rows)).not.toContain(part);
});

test('a revoked key is refused within a minute, for ever, and stays on the list', async () => {
  const { id, key } = await make();
  expect(await statusOf(key)).toBe(201);
  const revoked = await api.post(`/v1/keys/${id}/revoke`, {});
  expect(revoked.body).toMatchObject({ id, revoked_by: idOf(api.key) });
  pass(60);
  expect(await statusOf(key)).toBe(403);
  const again = await api.post(`/v1/keys/${id}/revoke`, {});
  expect(again.body.revoked_at).toBe(revoked.body.revoked_at);
  expect((await api.get('/v1/keys?revoked=true')).body.items).toContainEqual(again.body);
  expect(JSON.stringify((await api.get('/v1/keys?revoked=false')).body)).not.toContain(id);
});

test('a key made offline can be revoked; what it could do is not known', async () => {
  const key = await api.keyWith(['leads:write']);
  const id = idOf(key) ?? '';
  expect(await statusOf(key)).toBe(201);
  expect((await api.post(`/v1/keys/${id}/rotate`, {})).status).toBe(404);
  const { body } = await api.post(`/v1/keys/${id}/revoke`, {});
  expect(body).toMatchObject({ id, scopes: null, created_by: null });
  pass(60);
  expect(await statusOf(key)).toBe(403);
});

test('a rotated key works on until its grace time is over, beside its successor', async () => {
  const old = await make({ label: 'zapier', source: 'zillow' });
  const { status, body } = await api.post(`/v1/keys/${old.id}/rotate`, { grace_hours: 2 });
  expect(status).toBe(201);
  expect(body).toMatchObject({ label: 'zapier', source: 'zillow', scopes: ['leads:write'] });
  pass(7100);
  expect(await statusOf(old.key)).toBe(201);
  expect(await statusOf(body.key)).toBe(201);
  pass(7200);
  expect(await statusOf(old.key)).toBe(403);
  expect(await statusOf(body.key)).toBe(201);
});

test('by default a rotated key works for a day; it is not rotated twice', async () => {
  const old = await make();
  const { body } = await api.post(`/v1/keys/${old.id}/rotate`, {});
  const { items } = (await api.get('/v1/keys')).body;
  const listed = items.find((item: { id: string }) => item.id === old.id);
  const ends = Date.parse(listed.revoked_at) - Date.parse(body.created_at);
  expect([ends, listed.replaced_by]).toEqual([86_400_000, body.id]);
  const twice = await api.post(`/v1/keys/${old.id}/rotate`, {});
  expect(twice.status).toBe(409);
  expect(twice.body.errors[0].code).toBe('key_in_use');
  // Revoked meanwhile, it does not wait for its grace time.
  const revoked = await api.post(`/v1/keys/${old.id}/revoke`, {});
  expect(Date.parse(revoked.body.revoked_at)).toBeLessThan(Date.parse(listed.revoked_at));
});

test('only admins see or make keys', async () => {
  const key = await api.keyWith(['reports:read', 'leads:write', 'events:write']);
  const headers = { authorization: `Bearer ${key}` };
  expect((await api.send('GET', '/v1/keys', { headers })).status).toBe(403);
  expect((await api.send('POST', '/v1/keys', { headers })).status).toBe(403);
});

test.each([
  ['no scope', { scopes: [] }, '/scopes'],
  ['a scope that does not exist', { scopes: ['everything'] }, '/scopes/0'],
  ['a key of one source that reads', { scopes: ['reports:read'], source: 'zillow' }, '/scopes'],
  ['a field that does not exist', { scopes: ['admin'], expires: 'never' }, '/expires'],
])('%s is refused', async (_what, body, pointer) => {
  const answer = await api.post('/v1/keys', body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors[0].pointer).toBe(pointer);
});

test('what is no id of a key is not found, nor revoked', async () => {
  for (const id of ['key_1', 'lp_e30_x', crypto.randomUUID()]) {
    expect((await api.post(`/v1/keys/${id}/revoke`, {})).status).toBe(404);
  }
  expect((await api.post(`/v1/keys/${'key_0123456789abcdef'}/rotate`, {})).status).toBe(404);
});

test('the list is paged as other lists are', async () => {
  await make();
  const first = (await api.get('/v1/keys?limit=1')).body;
  const second = (await api.get(`/v1/keys?limit=1&cursor=${first.next_cursor}`)).body;
  expect(second.items[0].id).not.toBe(first.items[0].id);
  expect(second.total).toBe(first.total);
  expect((await api.get('/v1/keys?format=csv')).text).toMatch(/^id,created_at,created_by,label/);
});
