import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { noteBack } from '../../core/queue/breaker.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
  await api.put('/v1/hook-mappings/known', { preset: 'meta-lead-ads' });
  await api.put('/v1/hook-mappings/unread', { preset: 'meta-lead-ads' });
  await api.post('/v1/hooks/known', {});
});
afterAll(() => api.close());
beforeEach(noteBack);

// Odd on purpose: all of it must come through the queue.
const body = '{"id":"77","__proto__":"\\u0000","n":12345678901234567890,"created_time":"never"}';
const send = () =>
  api.send('POST', '/v1/hooks/known', { headers: { 'content-type': 'application/json' }, body });

test('a lead is taken while the database is away, and sent again it is the same one', async () => {
  const [first, again] = await api.duringOutage(async () => [await send(), await send()]);
  expect([first?.status, again?.status]).toEqual([202, 202]);
  expect(first?.body).toEqual({ id: expect.any(String), status: 'queued', findings: 3 });
  expect(again?.body.id).toBe(first?.body.id);
  const stored = await api.present(first?.headers.get('location') ?? '');
  expect(stored).toMatchObject({ source: 'known', external_id: '77' });
  expect(JSON.stringify(stored.raw_data.submission)).toContain('"__proto__":"\uFFFD"');
  expect(stored.raw_data.submission).toMatchObject({ id: '77', n: '12345678901234567890' });
  noteBack();
  const later = await send();
  expect([later.status, later.body.status]).toEqual([200, 'known']);
});

test('a hook that was never read cannot be known: 503 says when to come again', async () => {
  const answer = await api.duringOutage(() => api.post('/v1/hooks/unread', {}));
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await api.post('/v1/hooks/unread', {})).status).toBe(201);
});
