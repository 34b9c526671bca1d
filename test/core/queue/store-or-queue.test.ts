import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noteBack } from '../../../core/queue/breaker.ts';
import { startTestMachine } from '../../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
// The breaker is open for five seconds after an outage, for all who come by.
beforeEach(noteBack);

const call = { event_type: 'contacted', event_source: 'agent' };

describe('while the database is away', () => {
  test('a lead is taken, and is there under its id when the database is back', async () => {
    const before = Date.now();
    const lead = { source: ' Zillow', first_name: 'Ada', quality_score: 'A' };
    const taken = await api.duringOutage(() => api.post('/v1/leads', lead));
    expect(taken.status).toBe(202);
    expect(taken.body).toEqual({ id: expect.any(String), status: 'queued' });
    expect(taken.headers.get('location')).toBe(`/v1/leads/${taken.body.id}`);
    expect(Number(taken.headers.get('retry-after'))).toBeGreaterThan(0);
    const after = Date.now();

    const stored = await api.present(`/v1/leads/${taken.body.id}`);
    expect(stored).toMatchObject({ source: 'zillow', first_name: 'Ada', quality_score: 'A' });
    // It came in when it came in.
    expect(Date.parse(stored.created_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(stored.created_at)).toBeLessThanOrEqual(after);
    expect(stored.events.map(({ event_type }: typeof call) => event_type)).toEqual([
      'scored',
      'created',
    ]);
  });

  test('an id that nobody knows may be on its way, and the answer says so', async () => {
    const asked = await api.get(`/v1/leads/${crypto.randomUUID()}`);
    expect(asked.status).toBe(404);
    expect(asked.body.detail).toMatch(/answered with 202 is there once the database has taken it/);
  });

  test('what happens to a lead is taken too, also to one that is on its way', async () => {
    const [lead, event] = await api.duringOutage(async () => {
      const { body } = await api.post('/v1/leads', { source: 'zillow' });
      return [body, await api.post(`/v1/leads/${body.id}/events`, call)];
    });
    expect(event.status).toBe(202);
    const { items } = await api.present(`/v1/events?lead_id=${lead.id}`);
    expect(items.map(({ id }: { id: string }) => id)).toEqual([event.body.id]);
    expect((await api.get(`/v1/leads/${lead.id}`)).body.current_stage).toBe('contacted');
  });

  test('the same lead five times is one lead, under one id', async () => {
    const lead = { source: 'zillow', external_id: 'five-times' };
    const answers = await api.duringOutage(() =>
      Promise.all(Array.from({ length: 5 }, () => api.post('/v1/leads', lead))),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    const ids = new Set(answers.map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    await api.present(`/v1/leads/${[...ids][0]}`);
    noteBack();
    const again = await api.post('/v1/leads', lead);
    expect([again.status, again.body.id]).toEqual([200, [...ids][0]]);
  });

  test('what is wrong is refused as always, without asking the database', async () => {
    await api.duringOutage(async () => {
      api.machine.dataApi.resetCalls();
      const refused = await api.post('/v1/leads', { source: 'zillow', quality_score: 'E' });
      expect(refused.status).toBe(422);
      expect(api.machine.dataApi.calls()).toBe(0);
    });
  });

  test('it is left alone for a while after it said so', async () => {
    await api.duringOutage(async () => {
      await api.post('/v1/leads', { source: 'zillow' });
      api.machine.dataApi.resetCalls();
      const taken = await api.post('/v1/leads', { source: 'breaker' });
      expect(taken.status).toBe(202);
    });
    // The queue's reader may have asked meanwhile, the requests not.
    expect(await api.present('/v1/leads?source=breaker')).toMatchObject({ total: 1 });
  });

  test('a batch is refused as a whole and stores nothing', async () => {
    const items = [{ source: 'whole', external_id: '1' }];
    const refused = await api.duringOutage(() => api.post('/v1/leads/batch', { items }));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.get('/v1/leads?source=whole')).body.total).toBe(0);
  });
});

describe('when it cannot be told whether the database took it', () => {
  test('an answer that is lost on its way is asked for again: one lead', async () => {
    api.machine.dataApi.cut(1);
    const taken = await api.post('/v1/leads', { source: 'cut-once' });
    expect(taken.status).toBe(201);
    expect((await api.get('/v1/leads?source=cut-once')).body.total).toBe(1);
  });

  test('a lead whose answers are all lost is acknowledged, and there once', async () => {
    // The SDK tries three times, and so do we, twice.
    api.machine.dataApi.cut(6);
    const taken = await api.post('/v1/leads', { source: 'cut-often' });
    api.machine.dataApi.cut(0);
    expect(taken.status).toBe(202);
    const { items } = await api.present('/v1/leads?source=cut-often');
    expect(items.map(({ id }: { id: string }) => id)).toEqual([taken.body.id]);
    const events = await api.sql(
      `select event_type from lead_events where lead_id = '${taken.body.id}'`,
    );
    expect(events).toEqual([{ event_type: 'created' }]);
  });

  test('a database that does not answer in time is not waited for', async () => {
    const client = await api.pool.connect();
    try {
      await client.query('begin; lock table leads in exclusive mode');
      const taken = await api.post('/v1/leads', { source: 'slow' });
      expect(taken.status).toBe(202);
    } finally {
      await client.query('rollback');
      client.release();
    }
    expect(await api.present('/v1/leads?source=slow')).toMatchObject({ total: 1 });
  });
});

// Last: the queue does not come back.
test('with the queue away too nothing is acknowledged', async () => {
  await api.duringOutage(async () => {
    await api.machine.messages.close();
    const refused = await api.post('/v1/leads', { source: 'nowhere' });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body.detail).toMatch(/Nothing could be stored/);
  });
  expect((await api.get('/v1/leads?source=nowhere')).body.total).toBe(0);
});
