import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestMachine } from '../../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const monday = { working_hours: { mon: [['09:00', '17:00']] } };
const policy = (more: object = {}) => ({
  name: 'a policy',
  priority: 50,
  target_minutes: 30,
  ...more,
});

test('a new workspace answers A leads in five minutes and the others in two hours', async () => {
  const { items, total } = (await api.get('/v1/sla-policies?active=true')).body;
  const told = items.map((one: Record<string, unknown>) => [
    one.name,
    one.quality_score,
    one.target_minutes,
    one.working_hours,
  ]);
  expect(total).toBe(2);
  expect(told).toEqual(
    expect.arrayContaining([
      ['a-leads', 'A', 5, null],
      ['all-leads', null, 120, null],
    ]),
  );
});

test('a policy is added, shown and listed as it is', async () => {
  const given = {
    name: 'office hours',
    priority: 7,
    source: ' Zillow ',
    quality_score: 'B',
    target_minutes: 90,
    human_only: true,
    working_hours: {
      mon: [
        ['09:00', '12:30'],
        ['13:30', '18:00'],
      ],
      sun: [['00:00', '24:00']],
    },
    days_off: ['2026-12-25', '2027-01-01'],
  };
  const { status, body } = await api.post('/v1/sla-policies', given);
  expect(status).toBe(201);
  expect(body).toMatchObject({ ...given, source: 'zillow', active: true, agent_id: null });
  const { items } = (await api.get('/v1/sla-policies')).body;
  expect(items[0]).toEqual(body);
  expect((await api.get('/v1/sla-policies?format=csv')).text).toMatch(/^id,created_at,updated_at,/);
});

test('what is changed leaves what stood there before, and who changed it', async () => {
  const { body } = await api.post('/v1/sla-policies', policy({ name: 'before', ...monday }));
  const changed = await api.patch(`/v1/sla-policies/${body.id}`, {
    name: 'after',
    working_hours: null,
    source: 'facebook',
  });
  expect(changed.body).toMatchObject({ name: 'after', working_hours: null, source: 'facebook' });
  const { items } = (await api.get(`/v1/corrections?subject_id=${body.id}`)).body;
  expect(items).toMatchObject([
    { kind: 'sla_policy', before: { name: 'before', source: null, ...monday } },
  ]);
});

test('a request that is sent again adds one policy', async () => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'one-policy' };
  const send = () =>
    api.send('POST', '/v1/sla-policies', {
      headers,
      body: JSON.stringify(policy({ name: 'once' })),
    });
  const [first, again] = [await send(), await send()];
  expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
});

test('a name is taken once', async () => {
  await api.post('/v1/sla-policies', policy({ name: 'twice' }));
  const again = await api.post('/v1/sla-policies', policy({ name: 'twice' }));
  expect([again.status, again.body.errors[0].pointer]).toEqual([409, '/name']);
});

test.each([
  ['no target', { target_minutes: undefined }, '/target_minutes'],
  ['a target of nothing', { target_minutes: 0 }, '/target_minutes'],
  ['a target of two months', { target_minutes: 86_400 }, '/target_minutes'],
  ['half a minute', { target_minutes: 0.5 }, '/target_minutes'],
  ['a blank name', { name: ' ' }, '/name'],
  ['a score that does not exist', { quality_score: 'E' }, '/quality_score'],
  ['an agent nobody is', { agent_id: '00000000-0000-4000-8000-000000000000' }, '/agent_id'],
  ['hours of no day', { working_hours: {} }, '/working_hours'],
  ['a day that does not exist', { working_hours: { monday: [] } }, '/working_hours/monday'],
  ['a day without hours', { working_hours: { mon: [] } }, '/working_hours/mon'],
  [
    'a time that does not exist',
    { working_hours: { mon: [['9', '17:00']] } },
    '/working_hours/mon/0/0',
  ],
  [
    'an interval that ends before it begins',
    { working_hours: { mon: [['17:00', '09:00']] } },
    '/working_hours/mon',
  ],
  [
    'intervals that overlap',
    {
      working_hours: {
        mon: [
          ['09:00', '12:00'],
          ['11:00', '17:00'],
        ],
      },
    },
    '/working_hours/mon',
  ],
  ['a day off that does not exist', { days_off: ['2026-02-30'] }, '/days_off/0'],
  ['a day off twice', { days_off: ['2026-12-25', '2026-12-25'] }, '/days_off'],
  ['a field that does not exist', { sla: 5 }, '/sla'],
])('%s is refused', async (_what, wrong, pointer) => {
  const answer = await api.post('/v1/sla-policies', policy({ name: 'wrong', ...wrong }));
  expect(answer.status, answer.text).toBe(422);
  expect(answer.body.errors[0].pointer).toBe(pointer);
});

test('to change nothing, or a policy that does not exist, is refused', async () => {
  const [one] = (await api.get('/v1/sla-policies')).body.items;
  expect((await api.patch(`/v1/sla-policies/${one.id}`, {})).status).toBe(422);
  const unknown = '/v1/sla-policies/00000000-0000-4000-8000-000000000000';
  expect((await api.patch(unknown, { active: false })).status).toBe(404);
});
