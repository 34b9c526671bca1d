import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noteBack } from '../../core/queue/breaker.ts';
import { type ApiAnswer, startTestMachine } from '../setup/machine.ts';
import { bytes, json, odd, ofForm, type Sending, secret, ways } from './ways.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
  await api.put('/v1/hook-mappings/known', { preset: 'meta-lead-ads' });
  await api.post('/v1/hooks/known', {});
});
afterAll(() => api.close());
beforeEach(noteBack);

/** Sends as a provider does: with nothing but what it is given. */
const send = (source: string, { body, headers = {}, query = '' }: Sending) =>
  api.send('POST', `/v1/hooks/${source}${query}`, {
    headers: { authorization: '', ...json, ...headers },
    body,
  });

test('a lead is taken while the database is away, and sent again it is the same one', async () => {
  const sending = { body: odd, headers: { authorization: `Bearer ${api.key}` } };
  const [first, again] = await api.duringOutage(async () => [
    await send('known', sending),
    await send('known', sending),
  ]);
  expect([first?.status, again?.status]).toEqual([202, 202]);
  expect(first?.body).toEqual({ id: expect.any(String), status: 'queued', findings: 3 });
  expect(again?.body.id).toBe(first?.body.id);
  const stored = await api.present(first?.headers.get('location') ?? '');
  expect(stored).toMatchObject({ source: 'known', external_id: '77' });
  expect(JSON.stringify(stored.raw_data.submission)).toContain('"__proto__":"\uFFFD"');
  expect(stored.raw_data.submission).toMatchObject({ id: '77', n: '12345678901234567890' });
  noteBack();
  const later = await send('known', sending);
  expect([later.status, later.body.status]).toEqual([200, 'known']);
});

describe('a hook that was never read', () => {
  const times = { before: 0, after: 0 };
  const answers: Record<string, ApiAnswer[]> = {};
  const form = { preset: 'html-form', secrets: [secret] };
  const query = `?token=${secret}`;

  beforeAll(async () => {
    for (const [name, { hook }] of Object.entries(ways)) {
      expect((await api.put(`/v1/hook-mappings/${name}`, hook)).status).toBe(201);
    }
    for (const source of ['stranger', 'nameless', 'direct', ...Object.keys(bytes)]) {
      await api.put(`/v1/hook-mappings/${source}`, form);
    }
    times.before = Date.now();
    await api.duringOutage(async () => {
      for (const [name, { sending }] of Object.entries(ways)) {
        answers[name] = [await send(name, sending(api.key)), await send(name, sending(api.key))];
      }
      for (const [name, sending] of Object.entries(bytes)) await send(name, { ...sending, query });
      const nameless = { body: 'name=Ada', headers: ofForm };
      answers.nameless = [
        await send('nameless', { ...nameless, query }),
        await send('nameless', { ...nameless, query }),
      ];
      answers.stranger = [
        await send('stranger', nameless),
        await send('stranger', { ...nameless, query: '?token=not-the-secret' }),
        await send('nobodys', { ...nameless, query }),
      ];
    });
    times.after = Date.now();
    noteBack();
  });

  test.each(Object.entries(ways))('takes what is known by: %s, once', async (name, way) => {
    const [first, again] = answers[name] ?? [];
    expect([first?.status, again?.status], first?.text).toEqual([202, 202]);
    // Nobody can say yet what it is called: that, too, the mapping says.
    expect(first?.body).toEqual({ id: null, status: 'queued', findings: null });
    expect(first?.headers.get('location')).toBeNull();
    const list = await api.present(`/v1/leads?source=${name}`);
    expect(list.total).toBe(1);
    const [stored] = list.items;
    // It came in when it came in.
    expect(Date.parse(stored.created_at)).toBeGreaterThanOrEqual(times.before);
    expect(Date.parse(stored.created_at)).toBeLessThanOrEqual(times.after);
    noteBack();
    const later = await send(name, way.sending(api.key));
    expect([later.status, later.body.status, later.body.id]).toEqual([200, 'known', stored.id]);
    await nothingWaits();
    expect((await api.get(`/v1/leads?source=${name}`)).body.total).toBe(1);
  });

  test('takes what has no name as often as it was sent', async () => {
    expect(answers.nameless?.map(({ status }) => status)).toEqual([202, 202]);
    await nothingWaits();
    expect((await api.get('/v1/leads?source=nameless')).body.total).toBe(2);
  });

  test.each(Object.keys(bytes))('keeps each byte of %s', async (name) => {
    noteBack();
    const direct = await send('direct', { ...bytes[name], query } as Sending);
    expect(direct.status, direct.text).toBe(201);
    const { raw_data } = (await api.get(`/v1/leads/${direct.body.id}`)).body;
    const [row] = (await api.present(`/v1/leads?source=${name}`)).items;
    expect((await api.get(`/v1/leads/${row.id}`)).body.raw_data).toEqual(raw_data);
  });

  test('drops what came for no hook or from nobody it knows, and calls no person', async () => {
    expect(answers.stranger?.map(({ status }) => status)).toEqual([202, 202, 202]);
    await nothingWaits();
    const rows = await api.sql("select id from leads where source in ('stranger', 'nobodys')");
    expect(rows).toEqual([]);
    expect(await waiting(api.machine.messages.deadLettersUrl)).toBe(0);
  });

  test.each([
    ['no form', 400, { headers: { 'content-type': 'multipart/form-data; boundary=a' }, body: 'x' }],
    ['no body', 400, { body: '' }],
    ['another type', 415, { headers: { 'content-type': 'application/xml' }, body: '<a/>' }],
    ['too much', 413, { body: JSON.stringify('x'.repeat(32 * 1024 - 1)) }],
    ['a key that nobody signed', 401, { body: '{}', headers: { authorization: 'Bearer lp_a_b' } }],
  ])('refuses at once what no hook could take: %s', async (_, status, sending) => {
    const answer = await api.duringOutage(() => send('nobodys', sending as Sending));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, null]);
  });

  test('refuses at once a key that may not send for it', async () => {
    const keys = [await api.keyWith(['events:write']), await api.keyWith(['leads:write'], 'other')];
    for (const key of keys) {
      const headers = { authorization: `Bearer ${key}` };
      const answer = await api.duringOutage(() => send('nobodys', { body: '{}', headers }));
      expect(answer.status).toBe(401);
    }
  });
});

// Last: the queue does not come back.
test('with the queue away too nothing is acknowledged: 503 says when to come again', async () => {
  const answer = await api.duringOutage(async () => {
    await api.machine.messages.close();
    return send('nobodys', { body: '{}' });
  });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
});

/** How many messages are in a queue, handed over or not. */
async function waiting(QueueUrl: string): Promise<number> {
  const names = ['', 'NotVisible'].map((suffix) => `ApproximateNumberOfMessages${suffix}` as const);
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names as never });
  const { Attributes = {} } = await api.machine.messages.sqs.send(command);
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

async function nothingWaits() {
  await expect.poll(() => waiting(api.machine.messages.ingestUrl), { timeout: 60_000 }).toBe(0);
}
