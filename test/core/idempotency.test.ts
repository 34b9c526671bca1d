import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../core/http/request-key.ts';
import { noteBack } from '../../core/queue/breaker.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

function post(path: string, body: unknown, idempotencyKey: string, key = api.key) {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
  };
  return api.send('POST', path, { headers, body: JSON.stringify(body) });
}

const isReplayed = ({ headers }: { headers: Headers }) => headers.get('idempotency-replayed');
const count = async (source: string) => (await api.get(`/v1/leads?source=${source}`)).body.total;

describe('a request with an Idempotency-Key', () => {
  test('that is sent again is the first one, and says so', async () => {
    const first = await post('/v1/leads', { source: 'form', first_name: 'Ada' }, 'send-again');
    // In whatever order and with whatever spaces its body is written.
    const again = await post('/v1/leads', { first_name: 'Ada', source: 'form' }, 'send-again');
    expect([first.status, isReplayed(first)]).toEqual([201, null]);
    expect([again.status, isReplayed(again)]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await count('form')).toBe(1);
  });

  test('and another body is refused, and stores nothing', async () => {
    await post('/v1/leads', { source: 'another', first_name: 'Ada' }, 'another-body');
    const refused = await post(
      '/v1/leads',
      { source: 'another', first_name: 'Bob' },
      'another-body',
    );
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      expect.objectContaining({
        pointer: '/header/idempotency-key',
        code: 'idempotency_key_one_request',
      }),
    ]);
    expect(await count('another')).toBe(1);
  });

  test('that was refused may come again, put right, under the same key', async () => {
    const lead = { source: 'put-right', agent_external_id: 'nobody-yet' };
    expect((await post('/v1/leads', lead, 'put-right')).status).toBe(422);
    const right = await post('/v1/leads', { source: 'put-right' }, 'put-right');
    expect([right.status, isReplayed(right)]).toEqual([201, null]);
  });

  test('of another caller or on another route is another request', async () => {
    const other = await api.keyWith(['leads:write']);
    const answers = [
      await post('/v1/leads', { source: 'scopes' }, 'scope'),
      await post('/v1/leads', { source: 'scopes' }, 'scope', other),
      await post('/v1/agents', { first_name: 'Bea', last_name: 'Lund' }, 'scope'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await count('scopes')).toBe(2);
  });

  test('whose key was forgotten is stored where it is another, else known', async () => {
    const first = await post('/v1/leads', { source: 'month', first_name: 'Ada' }, 'a-month-later');
    await api.sql("delete from idempotency_keys where key = 'a-month-later'");
    const again = await post('/v1/leads', { source: 'month', first_name: 'Ada' }, 'a-month-later');
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    await api.sql("delete from idempotency_keys where key = 'a-month-later'");
    const other = await post('/v1/leads', { source: 'month', first_name: 'Bob' }, 'a-month-later');
    expect([other.status, other.body.first_name]).toEqual([201, 'Bob']);
    expect(await count('month')).toBe(2);
  });

  test('of a key that took the place of another is the same request', async () => {
    const rotate = async (id: string) => (await api.post(`/v1/keys/${id}/rotate`, {})).body;
    const first = (await api.post('/v1/keys', { scopes: ['leads:write'] })).body;
    const second = await rotate(first.id);
    const third = await rotate(second.id);
    const answers = [];
    for (const { key } of [first, second, third]) {
      answers.push(await post('/v1/leads', { source: 'rotated' }, 'rotated', key));
    }
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200]);
    expect(await count('rotated')).toBe(1);
  });

  test.each(['', 'x'.repeat(256), 'schlüssel'])(
    'has 1 to 255 printable characters: %j',
    async (k) => {
      const header = Buffer.from(k, 'utf8').toString('latin1');
      const refused = await post('/v1/leads', { source: 'x' }, header);
      expect([refused.status, refused.body.errors?.[0]?.code]).toEqual([400, 'not_a_key']);
    },
  );

  test.each([
    ['/v1/agents', { first_name: 'Cal', last_name: 'Roe' }],
    ['/v1/skills', { name: 'once-only' }],
    ['/v1/leads/{id}/events', { event_type: 'contacted', event_source: 'agent' }],
  ])('creates once at %s', async (route, body) => {
    const path = route.replace('{id}', await api.take());
    const first = await post(path, body, 'once');
    const again = await post(path, body, 'once');
    expect([first.status, again.status, isReplayed(again)]).toEqual([201, 200, 'true']);
    expect(again.body.id).toBe(first.body.id);
  });

  test('that makes a key, or lets one take the place of another, makes one key', async () => {
    const body = { scopes: ['leads:write'], label: 'a form' };
    const first = await post('/v1/keys', body, 'make');
    const again = await post('/v1/keys', body, 'make');
    expect([first.status, again.status, isReplayed(again)]).toEqual([201, 200, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await post('/v1/keys', { ...body, label: 'another' }, 'make')).status).toBe(422);

    const path = `/v1/keys/${first.body.id}/rotate`;
    const next = await post(path, { grace_hours: 1 }, 'rotate');
    const nextAgain = await post(path, { grace_hours: 1 }, 'rotate');
    expect([next.status, nextAgain.status]).toEqual([201, 200]);
    expect(nextAgain.body).toEqual(next.body);
    expect(next.body.id).not.toBe(first.body.id);
    // Another request is refused, as ever: this key is on its way out.
    expect((await post(path, { grace_hours: 1 }, 'rotate again')).status).toBe(409);
  });

  test('has one call of the Data API', async () => {
    api.machine.dataApi.resetCalls();
    await post('/v1/leads', { source: 'calls' }, 'calls');
    expect(api.machine.dataApi.calls()).toBe(1);
  });

  test('during an outage is acknowledged under the id it has afterwards', async () => {
    noteBack();
    const taken = await api.duringOutage(() => post('/v1/leads', { source: 'outage' }, 'outage'));
    noteBack();
    expect(taken.status).toBe(202);
    // Before or after the queue was read: one lead.
    const again = await post('/v1/leads', { source: 'outage' }, 'outage');
    expect(again.body.id).toBe(taken.body.id);
    await expect
      .poll(() => api.sql("select * from idempotency_keys where key = 'outage'"), {
        timeout: 20_000,
      })
      .toHaveLength(1);
    expect(await count('outage')).toBe(1);
  });
});

describe('a batch with an Idempotency-Key', () => {
  const items = [{ source: 'batch' }, { source: 'batch' }, { source: 'batch', quality_score: 'Z' }];

  test('that is sent again stores nothing more', async () => {
    const first = await post('/v1/leads/batch', { items }, 'batch');
    const again = await post('/v1/leads/batch', { items }, 'batch');
    const told = ({ body }: typeof first) =>
      body.results.map(({ status, id }: { status: number; id: string }) => [status, id]);
    const [a, b] = told(first).map(([, id]: [number, string]) => id);
    expect(told(first)).toEqual([
      [201, a],
      [201, b],
      [422, null],
    ]);
    expect(told(again)).toEqual([
      [200, a],
      [200, b],
      [422, null],
    ]);
    expect([isReplayed(first), isReplayed(again)]).toEqual([null, 'true']);
    expect(await count('batch')).toBe(2);
  });

  test('and other items is refused as a whole', async () => {
    const refused = await post('/v1/leads/batch', { items: [{ source: 'batch' }] }, 'batch');
    expect([refused.status, refused.body.errors[0].code]).toEqual([
      422,
      'idempotency_key_one_request',
    ]);
  });
});

test('16 clients that post 500 requests over and over make 500 leads', async () => {
  const order = Array.from({ length: 16 }, (_, client) =>
    Array.from({ length: 100 }, (_, n) => (client * 37 + n * 5) % 500),
  );
  const seen = new Map<string, Set<string>>();
  const statuses = new Set<number>();
  await Promise.all(
    order.map(async (keys) => {
      for (const key of keys) {
        const answer = await post(
          '/v1/leads',
          { source: 'many', notes: `n ${key}` },
          `many-${key}`,
        );
        statuses.add(answer.status);
        const ids = seen.get(`many-${key}`) ?? new Set();
        seen.set(`many-${key}`, ids.add(answer.body.id));
      }
    }),
  );
  expect([...statuses].every((status) => [200, 201, 202].includes(status))).toBe(true);
  expect([...seen.values()].every((ids) => ids.size === 1)).toBe(true);
  await expect.poll(() => count('many'), { timeout: 20_000 }).toBe(500);
});

test('canonical JSON is the same for the same value, and differs for others', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, field]) => [name, shuffled(field)]);
    return Object.fromEntries(entries.reverse());
  };
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [one, other] = [a, b].map((value) => JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(shuffled(one))).toBe(canonicalJson(one));
      expect(JSON.parse(canonicalJson(one))).toEqual(one);
      if (canonicalJson(one) === canonicalJson(other)) expect(one).toEqual(other);
    }),
  );
});
