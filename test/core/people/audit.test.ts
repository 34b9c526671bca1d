import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { keyId } from '../../setup/corrections.ts';
import { loggedBy, requestLines } from '../../setup/logged.ts';
import { startTestMachine } from '../../setup/machine.ts';
import { adaLovelace, sentinel, tablesWith, takeAda } from '../../setup/people.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate leads, lead_events, corrections, audit_log cascade'));

/** The line of one request. */
async function lineOf(request: () => Promise<unknown>) {
  const { lines } = await loggedBy(request);
  const found = requestLines(lines);
  expect(found).toHaveLength(1);
  return found[0];
}

const window = 'from=2026-02-01&to=2026-04-01';

test.each([
  ['GET /v1/leads/{id}', (id: string) => `/v1/leads/${id}`],
  ['GET /v1/leads', () => `/v1/leads?q=${sentinel}`],
  ['GET /v1/leads', () => '/v1/leads?format=csv'],
  ['GET /v1/leads/{id}/events', (id: string) => `/v1/leads/${id}/events?format=csv`],
  ['GET /v1/events', () => '/v1/events'],
  ['GET /v1/events', (id: string) => `/v1/events?lead_id=${id}&event_type=responded`],
  ['GET /v1/corrections', () => '/v1/corrections?kind=lead'],
  ['GET /v1/reports/{report}', () => `/v1/reports/duplicates?${window}`],
  ['GET /v1/reports/{report}', () => `/v1/reports/duplicates?${window}&format=csv`],
] as const)('%s: who read whose data is in one line', async (route, pathTo) => {
  const first = await takeAda(api, { external_id: null });
  const id = await takeAda(api, { external_id: null });
  const line = await lineOf(() => api.get(pathTo(id)));
  expect(line).toMatchObject({ route, status: 200, caller: keyId(api.key) });
  expect(line.subjects).toContain(id);
  const isOfOne = pathTo(id).includes(id) || route.includes('reports');
  expect(line.subjects.includes(first)).toBe(!isOfOne);
});

test('who changed what is in one line, also where it was refused', async () => {
  const taken = await lineOf(() => api.post('/v1/leads', adaLovelace));
  const [id] = taken.subjects;
  expect(taken).toMatchObject({ status: 201, caller: keyId(api.key), subjects: [id] });
  const items = [adaLovelace, { source: 'web' }];
  const batch = await lineOf(() => api.post('/v1/leads/batch', { items }));
  expect(batch.subjects).toHaveLength(2);
  expect(batch.subjects).toContain(id);
  const call = { event_type: 'contacted', event_source: 'agent' };
  for (const [status, request] of [
    [200, () => api.patch(`/v1/leads/${id}`, { notes: sentinel })],
    [422, () => api.patch(`/v1/leads/${id}`, { notes: 7 })],
    [201, () => api.post(`/v1/leads/${id}/events`, call)],
    [200, () => api.post('/v1/people/export', { email: adaLovelace.email })],
    [200, () => api.post('/v1/people/erase', { email: adaLovelace.email })],
    [409, () => api.patch(`/v1/leads/${id}`, { notes: sentinel })],
    [200, () => api.post(`/v1/leads/${id}/erase`, {})],
  ] as const) {
    expect(await lineOf(request)).toMatchObject({ status, subjects: [id] });
  }
});

test('ids, never contents: neither the log nor the record has a word of a person', async () => {
  const { lines } = await loggedBy(async () => {
    const id = await takeAda(api);
    for (const path of [
      `leads?q=${sentinel}`,
      `leads?source=${sentinel}&format=csv`,
      `leads?${sentinel}=${sentinel}`,
      `leads/${sentinel}`,
      `${sentinel}`,
      `reports/${sentinel}`,
      `reports/duplicates?${window}&utm_campaign=${sentinel}`,
      `corrections?corrected_by=${sentinel}`,
      `audit?caller=${sentinel}&reference=${sentinel}`,
      `events?lead_id=${id}`,
      `leads/${id}`,
    ])
      await api.get(`/v1/${path}`);
    await api.post('/v1/leads', { ...adaLovelace, [sentinel]: sentinel });
    await api.post('/v1/leads', { ...adaLovelace, email: { [sentinel]: 1 } });
    await api.post('/v1/leads/batch', { items: [adaLovelace, { first_name: sentinel }] });
    await api.patch(`/v1/leads/${id}`, { notes: `${sentinel}\u0000` });
    await api.post('/v1/people/export', { email: sentinel });
    await api.post('/v1/people/export', { email: adaLovelace.email, reference: 'A-1' });
    await api.post('/v1/people/erase', { email: adaLovelace.email, reference: `${sentinel}!` });
    await api.post('/v1/people/erase', { phone: adaLovelace.phone, reference: 'A-2' });
  });
  expect(requestLines(lines).length).toBeGreaterThan(20);
  for (const word of [sentinel, '555-0147', '2125550147', 'Lovelace']) {
    expect(lines.filter((line) => line.includes(word))).toEqual([]);
    expect(await tablesWith(api, word)).toEqual([]);
  }
  expect(await api.sql('select action from audit_log order by id')).toEqual([
    { action: 'export' },
    { action: 'erase' },
  ]);
});

test('who erased or took out whose data is listed, newest first, page by page', async () => {
  const ids = [await takeAda(api), await takeAda(api, { external_id: 'b', phone: null })];
  await api.post('/v1/people/export', { email: adaLovelace.email, reference: 'A-1' });
  await api.post(`/v1/leads/${ids[0]}/erase`, { reference: 'A-2' });
  const caller = keyId(api.key);
  const items = async (filters: string) => (await api.get(`/v1/audit?${filters}`)).body.items;
  const all = await items('');
  expect(all).toHaveLength(3);
  expect(all[0]).toMatchObject({ caller, action: 'erase', reference: 'A-2', lead_id: ids[0] });
  expect(await items(`lead_id=${ids[1]}`)).toMatchObject([{ action: 'export' }]);
  expect(await items('action=export&reference=A-1')).toEqual(all.slice(1));
  expect(await items('caller=key_of_nobody')).toEqual([]);
  expect(await items('from=2020-01-01&to=2021-01-01')).toEqual([]);
  const first = (await api.get('/v1/audit?limit=2')).body;
  const second = (await api.get(`/v1/audit?limit=2&cursor=${first.next_cursor}`)).body;
  expect([first.total, second.total, second.next_cursor]).toEqual([3, 3, null]);
  expect([...first.items, ...second.items]).toEqual(all);
  const csv = await api.get('/v1/audit?format=csv');
  expect(csv.text.split('\r\n')[0]).toBe('id,created_at,caller,action,reference,lead_id');
});

test('what a hook is sent in its address is in no line: it may be its secret', async () => {
  const secret = '6f9619ff-8b86-4011-842d-00cf4fc964ff';
  await api.put('/v1/hook-mappings/by-address', { preset: 'html-form', secrets: [secret] });
  const line = await lineOf(() => api.post(`/v1/hooks/by-address?token=${secret}`, { name: 'A' }));
  expect(line).toMatchObject({ route: 'POST /v1/hooks/{source}' });
  expect(JSON.stringify(line)).not.toContain(secret);
});
