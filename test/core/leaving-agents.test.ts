import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corrections, keyId } from '../setup/corrections.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

/** What stood there before the latest correction. */
const stoodThere = async (filters: string) => (await corrections(api, filters))[0]?.before;

describe('an agent who leaves', () => {
  test('is on record, and each lead handed over says whose it was', async () => {
    const bea = await api.addAgent();
    const cal = await api.addAgent({ first_name: 'Cal' });
    const created_at = '2026-03-01T12:00:00Z';
    const open = await api.take({ agent_id: bea, created_at });
    const lost = await api.take({ agent_id: bea });
    await api.patch(`/v1/leads/${lost}`, { stage: 'dead' });
    await api.patch(`/v1/agents/${bea}`, { active: false, team: 'north', reassign_to: cal });
    expect(await corrections(api, `subject_id=${bea}`)).toMatchObject([
      { kind: 'agent', corrected_by: keyId(api.key), before: { active: true, team: null } },
    ]);
    expect(await corrections(api, `subject_id=${open}`)).toMatchObject([
      {
        kind: 'lead',
        corrected_by: keyId(api.key),
        before: { assigned_agent_id: bea, assigned_at: '2026-03-01T12:00:00.000000Z' },
      },
    ]);
    expect(await stoodThere(`subject_id=${lost}`)).toMatchObject({ current_stage: 'new' });

    await api.patch(`/v1/agents/${bea}`, { active: false, reassign_to: cal });
    expect(await corrections(api, `subject_id=${bea}`)).toHaveLength(1);
    expect(await corrections(api, `subject_id=${open}`)).toHaveLength(1);
  });

  test('two who leave their leads to each other at once: one of them stays', async () => {
    for (let round = 0; round < 10; round++) {
      const [bea, cal] = [await api.addAgent(), await api.addAgent()];
      await Promise.all([api.take({ agent_id: bea }), api.take({ agent_id: cal })]);
      const left = await Promise.all([
        api.patch(`/v1/agents/${bea}`, { active: false, reassign_to: cal }),
        api.patch(`/v1/agents/${cal}`, { active: false, reassign_to: bea }),
      ]);
      expect(left.map((answer) => answer.status).toSorted()).toEqual([200, 422]);
    }
  });

  test('a lead that is given away at that moment is not handed over', async () => {
    const [bea, cal, dee] = [await api.addAgent(), await api.addAgent(), await api.addAgent()];
    const leads = await Promise.all(Array.from({ length: 12 }, () => api.take({ agent_id: bea })));
    await Promise.all([
      ...leads.map((id) => api.patch(`/v1/leads/${id}`, { agent_id: dee })),
      api.patch(`/v1/agents/${bea}`, { active: false, reassign_to: cal }),
    ]);
    for (const id of leads) {
      // Whoever came first, Dee was named for this lead and Cal for those of Bea.
      const { assigned_agent_id } = (await api.get(`/v1/leads/${id}`)).body;
      expect(assigned_agent_id).toBe(dee);
    }
  });
});

test('whoever hands over, takes back and records at once: every step is told', async () => {
  const agents = await Promise.all(Array.from({ length: 4 }, () => api.addAgent()));
  const leads = await Promise.all(
    Array.from({ length: 6 }, (_, n) => api.take({ agent_id: agents[n % 4] })),
  );
  const work = async (n: number) => {
    const [agent, next, lead] = [agents[n % 4], agents[(n + 1) % 4], leads[n % 6]];
    const call = { event_type: 'contacted', event_source: 'agent', agent_id: agent };
    const recorded = await api.post(`/v1/leads/${lead}/events`, call);
    const steps = [
      await api.patch(`/v1/leads/${leads[(n * 5) % 6]}`, { agent_id: next }),
      await api.patch(`/v1/agents/${agent}`, { active: false, reassign_to: next }),
      await api.post(`/v1/events/${recorded.body.id}/void`, { by: 'Bea', reason: 'crowd' }),
      await api.patch(`/v1/agents/${agent}`, { active: true }),
    ];
    // A successor who has just left is refused; nothing else is.
    return steps.map(({ status }, step) => (step === 1 && status === 422 ? 200 : status));
  };
  const told = await Promise.all(Array.from({ length: 24 }, (_, n) => work(n)));
  expect([...new Set(told.flat())]).toEqual([200]);
  expect(await api.deadlocks()).toBe(0);

  for (const lead of leads) {
    const { assigned_agent_id, events } = (await api.get(`/v1/leads/${lead}`)).body;
    const assigned = events
      .filter((event: { event_type: string }) => event.event_type === 'assigned')
      .map((event: { agent_id: string }) => event.agent_id);
    const left = (await corrections(api, `subject_id=${lead}`))
      .filter(({ before }) => 'assigned_agent_id' in before)
      .map(({ before }) => before.assigned_agent_id);
    expect([assigned_agent_id, ...left]).toEqual(assigned);
  }
});

test('changes of one agent at once are all kept, and on record', async () => {
  for (let round = 0; round < 10; round++) {
    const id = await api.addAgent({ team: 'north', email: 'old@example.com' });
    await Promise.all([
      api.patch(`/v1/agents/${id}`, { team: 'south' }),
      api.patch(`/v1/agents/${id}`, { email: 'new@example.com' }),
      api.patch(`/v1/agents/${id}`, { first_name: 'Cal' }),
    ]);
    const { body } = await api.get(`/v1/agents/${id}`);
    expect(body).toMatchObject({ team: 'south', email: 'new@example.com', first_name: 'Cal' });
    const left = await corrections(api, `subject_id=${id}`);
    expect(Object.assign({}, ...left.map((one) => one.before))).toEqual({
      team: 'north',
      email: 'old@example.com',
      first_name: 'Bea',
    });
  }
});
