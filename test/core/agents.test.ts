import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

describe('agents', () => {
  test('one who leaves hands the open leads to another in one call', async () => {
    const bea = await api.addAgent({ external_id: 'bea' });
    const cal = await api.addAgent({ first_name: 'Cal' });
    const open = await api.take({ agent_external_id: 'bea' });
    const done = await api.take({ agent_id: bea });
    await api.patch(`/v1/leads/${done}`, { stage: 'closed' });

    const left = await api.patch(`/v1/agents/${bea}`, { active: false });
    expect(left.body).toMatchObject({ active: false, open_leads: 1 });
    const handed = await api.patch(`/v1/agents/${bea}`, { active: false, reassign_to: cal });
    expect(handed.body.open_leads).toBe(0);
    expect((await api.get(`/v1/leads/${open}`)).body.assigned_agent_id).toBe(cal);
    expect((await api.get(`/v1/leads/${done}`)).body.assigned_agent_id).toBe(bea);
    expect((await api.get('/v1/agents?active=false')).body.items).toMatchObject([{ id: bea }]);
  });

  test('a lead assigned for the next minutes is handed over all the same', async () => {
    const [bea, cal] = [await api.addAgent(), await api.addAgent()];
    const created_at = new Date(Date.now() + 240_000).toISOString();
    const lead = await api.take({ created_at, agent_id: bea });
    const left = await api.patch(`/v1/agents/${bea}`, { active: false, reassign_to: cal });
    expect(left.body.open_leads).toBe(0);
    expect((await api.get(`/v1/leads/${lead}`)).body.assigned_agent_id).toBe(cal);
  });

  test('leads go to an agent who is there', async () => {
    const [bea, gone] = [await api.addAgent(), await api.addAgent({ active: false })];
    for (const reassign_to of [gone, '00000000-0000-4000-8000-000000000000']) {
      const refused = await api.patch(`/v1/agents/${bea}`, { active: false, reassign_to });
      expect([refused.status, refused.body.errors?.[0].pointer]).toEqual([422, '/reassign_to']);
    }
    expect((await api.get(`/v1/agents/${bea}`)).body.active).toBe(true);
  });

  test('nobody has a blank name', async () => {
    const blank = await api.post('/v1/agents', { first_name: ' ', last_name: 'Moe' });
    expect([blank.status, blank.body.errors?.[0].detail]).toEqual([
      422,
      '"first_name" may not be blank.',
    ]);
  });

  test('the same external id again is the first agent', async () => {
    const body = { first_name: 'Dee', last_name: 'Moe', external_id: 'dee' };
    const first = await api.post('/v1/agents', body);
    const again = await api.post('/v1/agents', { ...body, first_name: 'Other' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
  });

  test('a person is one agent, and can become another', async () => {
    const [ann, bob] = [await api.addAgent({ identity_subject: 'ann' }), await api.addAgent()];
    expect((await api.get(`/v1/agents/${ann}`)).body.identity_subject).toBe('ann');
    const body = { first_name: 'Ann', last_name: 'Moe', identity_subject: 'ann' };
    for (const taken of [
      await api.patch(`/v1/agents/${bob}`, { identity_subject: 'ann' }),
      await api.post('/v1/agents', body),
    ]) {
      expect([taken.status, taken.body.errors?.[0].pointer]).toEqual([409, '/identity_subject']);
    }
    const { results } = (await api.post('/v1/agents/batch', { items: [body, body] })).body;
    expect(results.map((result: { status: number }) => result.status)).toEqual([409, 409]);
    expect((await api.patch(`/v1/agents/${ann}`, { identity_subject: null })).status).toBe(200);
    const freed = await api.post('/v1/agents/batch', { items: [body, body] });
    expect(freed.body.results).toMatchObject([{ status: 201 }, { status: 409 }]);
    const blank = await api.patch(`/v1/agents/${bob}`, { identity_subject: 'ann lee' });
    expect(blank.status).toBe(422);
  });
});

test('the workspace tells its zone, currency and day', async () => {
  const { body } = await api.get('/v1/workspace');
  expect(body).toMatchObject({ timezone: 'UTC', currency: 'USD' });
});
