import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestMachine } from '../../setup/machine.ts';
import { sentinel, tablesWith, takeAda } from '../../setup/people.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine({ DEFAULT_COUNTRY: 'US' });
});
afterAll(() => api.close());
beforeEach(() => api.sql('truncate leads, lead_events, corrections, audit_log cascade'));

const erase = (body: object) => api.post('/v1/people/erase', body);
const erasedIds = () =>
  api
    .sql<{ id: string }>('select id from leads where erased_at is not null order by id')
    .then((rows) => rows.map(({ id }) => id));

test('all leads of an address or a number are erased, however it was written', async () => {
  const [by_email, by_phone, both, other] = [
    await api.take({ email: 'ada@example.com' }),
    await api.take({ phone: '+1 212 555 0147' }),
    await api.take({ email: ' ADA@Example.com', phone: '212-555-0147' }),
    await api.take({ email: 'ada@example.org', phone: '212-555-0148' }),
  ];
  expect((await erase({ email: 'Ada@example.com' })).body.lead_ids).toEqual(
    [by_email, both].toSorted(),
  );
  expect((await erase({ email: 'ada@example.com' })).body.lead_ids).toEqual([]);
  expect((await erase({ phone: '(212) 555-0147' })).body.lead_ids).toEqual([by_phone]);
  expect(await erasedIds()).toEqual([by_email, by_phone, both].toSorted());
  expect((await api.get(`/v1/leads/${other}`)).body.email).toBe('ada@example.org');
});

test('one with both is meant by both', async () => {
  await takeAda(api, { external_id: null });
  await takeAda(api, { external_id: null, email: null });
  const { body } = await erase({ email: `ada.${sentinel}@example.com`, phone: '2125550147' });
  expect(body.lead_ids).toEqual(await erasedIds());
  expect(body.lead_ids).toHaveLength(2);
  expect(await tablesWith(api, sentinel)).toEqual([]);
});

test('the number of an office is no person: nobody is erased', async () => {
  const items = Array.from({ length: 101 }, () => ({ source: 'zillow', phone: '2125550147' }));
  await api.post('/v1/leads/batch', { items });
  const refused = await erase({ phone: '2125550147' });
  expect([refused.status, refused.body.detail]).toEqual([
    409,
    expect.stringMatching(/^More than 100 leads/),
  ]);
  expect(await erasedIds()).toEqual([]);
  await api.sql('delete from lead_events');
  await api.sql('delete from leads where id = (select min(id::text)::uuid from leads)');
  expect((await erase({ phone: '2125550147' })).body.lead_ids).toHaveLength(100);
});

test.each([
  [{}, '/email'],
  [{ reference: '17' }, '/email'],
  [{ email: 'ada' }, '/email'],
  [{ email: null }, '/email'],
  [{ email: 'ada@example.com', phone: 'none' }, '/phone'],
  [{ phone: '' }, '/phone'],
  [{ name: 'Ada' }, '/name'],
])('%j is nobody', async (body, pointer) => {
  const refused = await erase(body);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
});

test('while senders try again, each of their leads and events is there once', async () => {
  const lead = { source: 'zillow', email: 'ada@example.com', external_id: 'ada@example.com' };
  const call = { event_type: 'contacted', event_source: 'agent', details: { with: sentinel } };
  for (let round = 0; round < 8; round++) {
    const id = '00000000-0000-4000-8000-00000000000a';
    await api.post('/v1/leads/batch', { items: [{ ...lead, id }] });
    const events = () => api.post(`/v1/leads/${id}/events`, { ...call, external_id: 'call' });
    await events();
    const answers = await Promise.all([
      api.post('/v1/leads', lead),
      events(),
      erase({ email: 'ada@example.com' }),
      events(),
      api.post('/v1/leads', lead),
      api.patch(`/v1/leads/${id}`, { notes: sentinel }),
    ]);
    const told = answers.map(({ status }) => status);
    expect(told.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect([200, 409]).toContain(told[5]);
    expect(await api.sql('select id from leads')).toEqual([{ id }]);
    expect(await api.sql(`select from lead_events where event_type = 'contacted'`)).toHaveLength(1);
    expect(await tablesWith(api, sentinel)).toEqual([]);
    await api.sql('truncate leads, lead_events, corrections cascade');
  }
});
