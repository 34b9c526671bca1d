import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { corrections, keyId } from '../../setup/corrections.ts';
import { startTestMachine } from '../../setup/machine.ts';
import { takeAda } from '../../setup/people.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
beforeEach(() =>
  api.sql('truncate leads, lead_events, corrections, audit_log, lead_experiments cascade'),
);

const email = 'ada.zyxwv@example.com';
const take = (body: object = { email }) => api.post('/v1/people/export', body);
const idsOf = (items: { id: string }[]) => items.map(({ id }) => id).toSorted();

/** All parts of a file, as its reader puts them together. */
async function whole(body: object) {
  const parts: Record<string, { id: string }[]>[] = [];
  let cursor: string | null | undefined;
  do {
    const { status, body: part, text } = await take({ ...body, ...(cursor && { cursor }) });
    expect(status, text).toBe(200);
    parts.push(part);
    cursor = part.next_cursor;
  } while (cursor !== null);
  const all = (name: string) => parts.flatMap((part) => part[name] ?? []);
  return { parts, leads: all('leads'), events: all('events'), corrections: all('corrections') };
}

test('the file holds everything: leads, events, corrections, experiments', async () => {
  const id = await takeAda(api);
  const other = await api.take({ email: 'someone@example.com', notes: 'someone else' });
  await api.patch(`/v1/leads/${other}`, { notes: 'still someone else' });
  await api.sql(
    `with x as (
       insert into lead_experiments (name, primary_metric) values ('night calls', 'reply_rate')
       returning id
     )
     insert into lead_experiment_assignments (lead_id, experiment_id, group_name)
     select l.id, x.id, 'treatment' from leads l cross join x`,
  );
  const answer = await take({ email: 'Ada.ZYXWV@example.com', reference: 'A-1' });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="person.json"');
  const { events, ...lead } = (await api.get(`/v1/leads/${id}`)).body;
  expect(answer.body).toMatchObject({ version: 1, leads: [lead], next_cursor: null });
  expect(idsOf(answer.body.events)).toEqual(idsOf(events));
  expect(answer.body.events).toEqual(expect.arrayContaining(events));
  const corrected = await corrections(api, `lead_id=${id}`);
  expect(answer.body.corrections).toEqual(corrected.toReversed());
  expect(answer.body.experiments).toMatchObject([
    { lead_id: id, experiment: 'night calls', group_name: 'treatment' },
  ]);
  expect(answer.text).not.toContain('someone');
});

test('it is on record who took out whose data, in the same call', async () => {
  const id = await takeAda(api);
  api.machine.dataApi.resetCalls();
  await take({ email, reference: 'A-1' });
  expect(api.machine.dataApi.calls()).toBe(1);
  const rows = await api.sql('select caller, action, reference, lead_id from audit_log');
  const caller = keyId(api.key);
  expect(rows).toEqual([{ caller, action: 'export', reference: 'A-1', lead_id: id }]);
});

test('what is too large for one answer comes in parts, and nothing is left out', async () => {
  const raw_data = { long: 'x'.repeat(32_000) };
  const id = await api.take({ email, raw_data });
  for (let n = 0; n < 30; n++) await api.take({ email, raw_data: { ...raw_data, n } });
  for (let n = 0; n < 10; n++) await api.patch(`/v1/leads/${id}`, { raw_data: { n, ...raw_data } });
  const items = Array.from({ length: 1000 }, () => ({
    lead_id: id,
    event_type: 'contacted',
    event_source: 'agent',
    created_at: '2026-03-01T12:00:00Z',
  }));
  await api.post('/v1/events/batch', { items });
  const file = await whole({ email });
  expect(file.parts.length).toBeGreaterThan(2);
  for (const part of file.parts) expect(JSON.stringify(part).length).toBeLessThan(1_000_000);
  for (const [name, table] of [
    ['leads', 'leads'],
    ['events', 'lead_events'],
    ['corrections', 'corrections'],
  ] as const) {
    const held = await api.sql<{ id: string }>(`select id from ${table}`);
    expect(idsOf(file[name])).toEqual(idsOf(held));
  }
});

test('of nobody, and of an erased person, the file is empty', async () => {
  const empty = { leads: [], events: [], corrections: [], experiments: [], next_cursor: null };
  expect((await take()).body).toMatchObject(empty);
  const id = await takeAda(api);
  await api.post(`/v1/leads/${id}/erase`, {});
  expect((await take()).body).toMatchObject(empty);
});

test('an office’s number is no person: nothing is given out', async () => {
  const items = Array.from({ length: 101 }, () => ({ source: 'zillow', phone: '2125550147' }));
  await api.post('/v1/leads/batch', { items });
  const refused = await take({ phone: '2125550147' });
  expect([refused.status, refused.text.includes('items')]).toEqual([409, false]);
  expect(await api.sql('select from audit_log')).toEqual([]);
});

test.each([
  [{}, '/email'],
  [{ email: 'ada' }, '/email'],
  [{ email, cursor: 'x' }, '/cursor'],
  [{ email, cursor: Buffer.from('9 x y').toString('base64url') }, '/cursor'],
  [{ email, reference: 'Ada Lovelace' }, '/reference'],
])('%j is refused', async (body, pointer) => {
  const refused = await take(body);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
});
