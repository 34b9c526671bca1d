import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

describe('a lead is corrected', () => {
  test('details change, what is not named stays, null empties', async () => {
    const id = await api.take({ first_name: 'Ada', email: 'ADA@example.com', notes: 'call late' });
    const changed = await api.patch(`/v1/leads/${id}`, {
      email: 'Ada.L@Example.com ',
      notes: null,
      estimated_value: 450000.5,
    });
    expect(changed.status, changed.text).toBe(200);
    expect(changed.body).toMatchObject({
      first_name: 'Ada',
      email: 'Ada.L@Example.com ',
      email_normalised: 'ada.l@example.com',
      notes: null,
      estimated_value: '450000.50',
    });
  });

  test('assigning, scoring and moving write events, the same again none', async () => {
    const id = await api.take();
    const bea = await api.addAgent();
    const skill = await api.post('/v1/skills', { name: 'lead-scorer', skill_type: 'scoring' });
    const change = {
      agent_id: bea,
      quality_score: 'B',
      qualification_reason: { equity: 'high' },
      skill_id: skill.body.id,
      stage: 'qualified',
    };
    const first = await api.patch(`/v1/leads/${id}`, change);
    expect(first.body).toMatchObject({
      assigned_agent_id: bea,
      quality_score: 'B',
      qualification_reason: { equity: 'high' },
      current_stage: 'qualified',
    });
    await api.patch(`/v1/leads/${id}`, change);
    const events = await api.get(`/v1/leads/${id}/events`);
    const told = events.body.items.map((e: Record<string, string>) => [
      e.event_type,
      e.event_source,
    ]);
    expect(told.sort()).toEqual([
      ['assigned', 'automation'],
      ['created', 'automation'],
      ['qualified', 'automation'],
      ['scored', 'skill:lead-scorer'],
    ]);
    const unassigned = await api.patch(`/v1/leads/${id}`, { agent_id: null });
    expect(unassigned.body).toMatchObject({ assigned_agent_id: null, assigned_at: null });
  });

  test('an earlier stage is refused, with the event that holds it', async () => {
    const id = await api.take();
    await api.patch(`/v1/leads/${id}`, { stage: 'contacted' });
    await api.patch(`/v1/leads/${id}`, { stage: 'offer' });
    const refused = await api.patch(`/v1/leads/${id}`, { stage: 'qualified', notes: 'lost?' });
    expect(refused.status).toBe(409);
    const [offer] = (await api.get(`/v1/leads/${id}/events`)).body.items;
    expect(refused.body.detail).toContain(offer.id);
    expect((await api.get(`/v1/leads/${id}`)).body.notes).toBeNull();

    const voided = await api.post(`/v1/events/${offer.id}/void`, { by: 'Bea', reason: 'mistake' });
    expect(voided.body).toMatchObject({ voided_by: 'Bea', void_reason: 'mistake' });
    expect((await api.get(`/v1/leads/${id}`)).body.current_stage).toBe('contacted');
    const moved = await api.patch(`/v1/leads/${id}`, { stage: 'qualified' });
    expect(moved.body.current_stage).toBe('qualified');
  });

  test('closing with a value converts; a dead lead can be revived', async () => {
    const id = await api.take();
    const closed = await api.patch(`/v1/leads/${id}`, { stage: 'closed', value: '12500' });
    expect(closed.body).toMatchObject({ converted: true, conversion_value: '12500.00' });
    const dead = await api.patch(`/v1/leads/${id}`, { stage: 'dead' });
    expect(dead.body).toMatchObject({ converted: false, conversion_value: null });
    expect((await api.patch(`/v1/leads/${id}`, { stage: 'new' })).status).toBe(409);
    const revived = await api.patch(`/v1/leads/${id}`, { stage: 'closed' });
    expect(revived.body).toMatchObject({ converted: true, conversion_value: '12500.00' });
  });

  test('8 writers that record and take back on one lead never meet a deadlock', async () => {
    const id = await api.take({ source: 'crowd', created_at: '2026-03-01T12:00:00Z' });
    const writer = async (n: number) => {
      for (let round = 0; round < 8; round++) {
        const created_at = `2026-03-01T1${n}:${10 + ((round * 37) % 50)}:00Z`;
        const event = { event_type: 'contacted', event_source: 'agent', created_at };
        const recorded = await api.post(`/v1/leads/${id}/events`, event);
        const path = `/v1/events/${recorded.body.id}/void`;
        expect((await api.post(path, { by: 'Bea', reason: 'crowd' })).status).toBe(200);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => writer(n)));
    const lead = await api.get(`/v1/leads/${id}`);
    expect(lead.body).toMatchObject({ current_stage: 'new', first_contacted_at: null });
    expect(await api.deadlocks()).toBe(0);
  });

  test('two that would be duplicates of each other at once: one stays an original', async () => {
    for (let round = 0; round < 15; round++) {
      const [a, b] = [await api.take({ source: 'circle' }), await api.take({ source: 'circle' })];
      await Promise.all([
        api.patch(`/v1/leads/${a}`, { duplicate_of: b }),
        api.patch(`/v1/leads/${b}`, { duplicate_of: a }),
        api.post('/v1/leads', { source: 'circle', duplicate_of: a }),
      ]);
    }
    const chains = await api.sql(
      `select d.id from leads d join leads o on o.id = d.duplicate_of
       where o.duplicate_of is not null`,
    );
    expect(chains).toEqual([]);
  });

  test('the same lead again is the first one, whatever became of its original', async () => {
    const original = await api.take();
    const lead = { source: 'again', external_id: 'dup', duplicate_of: original };
    const first = await api.post('/v1/leads', lead);
    await api.patch(`/v1/leads/${first.body.id}`, { duplicate_of: null });
    await api.patch(`/v1/leads/${original}`, { duplicate_of: await api.take() });
    const again = await api.post('/v1/leads', lead);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
  });

  test('a lead that dies in four minutes can be revived now, once', async () => {
    const created_at = new Date(Date.now() + 240_000).toISOString();
    const id = await api.take();
    const dead = { event_type: 'dead', event_source: 'agent', created_at };
    await api.post(`/v1/leads/${id}/events`, dead);
    for (let again = 0; again < 2; again++) {
      const revived = await api.patch(`/v1/leads/${id}`, { stage: 'qualified' });
      expect(revived.body.current_stage).toBe('qualified');
    }
    expect((await api.get(`/v1/leads/${id}/events`)).body.total).toBe(3);
  });

  test('what is said now counts after an event of the next minutes', async () => {
    const soon = new Date(Date.now() + 240_000).toISOString();
    const id = await api.take({ created_at: soon, quality_score: 'C' });
    const changed = await api.patch(`/v1/leads/${id}`, { quality_score: 'A', stage: 'contacted' });
    expect(changed.body).toMatchObject({ quality_score: 'A', current_stage: 'contacted' });
  });

  test('a duplicate has an original that is none, and no circle takes both away', async () => {
    const original = await api.take();
    const duplicate = await api.take({ duplicate_of: original });
    for (const [id, duplicate_of] of [
      [original, duplicate],
      [await api.take(), duplicate],
    ] as const) {
      const refused = await api.patch(`/v1/leads/${id}`, { duplicate_of });
      expect([refused.status, refused.body.errors?.[0].pointer]).toEqual([422, '/duplicate_of']);
    }
    expect((await api.post('/v1/leads', { source: 'x', duplicate_of: duplicate })).status).toBe(
      422,
    );
  });

  test('a created event cannot be taken back, an unknown one is 404', async () => {
    const id = await api.take();
    const [created] = (await api.get(`/v1/leads/${id}/events`)).body.items;
    const body = { by: 'x', reason: 'y' };
    expect((await api.post(`/v1/events/${created.id}/void`, body)).status).toBe(409);
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await api.post(`/v1/events/${unknown}/void`, body)).status).toBe(404);
    expect((await api.patch(`/v1/leads/${unknown}`, { notes: 'x' })).status).toBe(404);
    expect((await api.get(`/v1/leads/${unknown}/events`)).status).toBe(404);
    expect((await api.get('/v1/leads/not-an-id')).status).toBe(404);
  });
});
