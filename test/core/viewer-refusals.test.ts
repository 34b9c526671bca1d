import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { startTwoAgents, type TwoAgents } from '../setup/two-agents.ts';

let team: TwoAgents;
beforeAll(async () => {
  team = await startTwoAgents();
});
afterAll(() => team.close());

const unknown = '00000000-0000-4000-8000-00000000dead';

/** What is said of an id, without the id of the request. */
async function said(path: string) {
  const { status, body } = await team.asAnn.get(path);
  const { request_id: _, ...problem } = body;
  return { status, problem };
}

describe('to an agent', () => {
  test('what is not theirs is a 404, word for word that of an id nobody has', async () => {
    const { ids, bob } = team;
    const foreign = [
      ...[ids.other, ids.hidden, ids.nobodys].map((id) => ['leads', id] as const),
      ['agents', bob] as const,
    ];
    for (const [list, id] of foreign) {
      const nobodys = await said(`/v1/${list}/${unknown}`);
      expect(nobodys.status).toBe(404);
      expect(await said(`/v1/${list}/${id}`)).toEqual(nobodys);
    }
    const events = await said(`/v1/leads/${unknown}/events`);
    expect(events.status).toBe(404);
    expect(await said(`/v1/leads/${ids.other}/events`)).toEqual(events);
  });

  const lists = [
    '/v1/leads',
    '/v1/events',
    ...reports
      .filter(({ takes }) => takes.includes('agent_id'))
      .map(({ name }) => `/v1/reports/${name}`),
  ];
  test.each(lists)('%s of another agent is a 404 that says where', async (path) => {
    const ofBob = await said(`${path}?agent_id=${team.bob}`);
    expect(ofBob.status).toBe(404);
    expect(ofBob.problem.errors).toEqual([
      { pointer: '/query/agent_id', code: 'unknown_agent', detail: 'No agent has this id.' },
    ]);
    expect(await said(`${path}?agent_id=${unknown}`)).toEqual(ofBob);
    expect((await said(`${path}?agent_id=${team.ann.toUpperCase()}`)).status).toBe(200);
    expect((await said(`${path}?agent_id=none`)).status).toBe(path === '/v1/events' ? 400 : 200);
  });

  test.each(['/v1/leads?duplicate_of=', '/v1/events?lead_id=', '/v1/corrections?lead_id='])(
    '%s of what is not theirs is as empty as of what is not there',
    async (path) => {
      const empty = { items: [], next_cursor: null, total: 0 };
      expect((await team.asAnn.get(path + unknown)).body).toEqual(empty);
      expect((await team.asAnn.get(path + team.ids.other)).body).toEqual(empty);
      expect((await team.api.get(path + team.ids.other)).body.total).toBeGreaterThan(0);
    },
  );

  test("nobody's leads are not there, and none is unassigned", async () => {
    expect((await team.asAnn.get('/v1/leads?agent_id=none')).body.total).toBe(0);
    const { body } = await team.asAnn.get('/v1/reports/data-quality');
    const row = body.rows.find(({ finding }: { finding: string }) => finding === 'unassigned');
    expect([row.leads, row.total_leads]).toEqual([0, 3]);
  });

  test('what sources cost is a 403, and null in the report', async () => {
    const answer = await team.asAnn.get('/v1/spend');
    expect([answer.status, answer.body.detail]).toEqual([
      403,
      'What sources cost is not for agents.',
    ]);
    const { body } = await team.asAnn.get('/v1/reports/lead-source-performance');
    expect(body.rows.map((row: { spend: unknown }) => row.spend)).toEqual([null]);
    const seen = await team.api.get('/v1/reports/lead-source-performance');
    expect(seen.body.rows[1].spend).toBe('66666.66');
  });

  test("a suggestion names the own lead, though another's came first", async () => {
    const { again, sold } = team.ids;
    const { body } = await team.asAnn.get('/v1/reports/duplicates');
    const suggested = body.rows.map((row: Record<string, unknown>) => [
      row.lead_id,
      row.original_id,
      row.matched_lead_id,
      row.has_duplicates,
    ]);
    expect(suggested).toEqual([[again, sold, sold, false]]);
  });

  test('what experiments left out is of own leads, as what they count', async () => {
    const seen = await team.asAnn.get('/v1/reports/experiment-results');
    expect(seen.body.excluded).toEqual({ test: 0, duplicate: 1 });
    expect(seen.body.rows[0].control_assigned).toBe(3);
    const all = await team.api.get('/v1/reports/experiment-results');
    expect(all.body.excluded).toEqual({ test: 1, duplicate: 1 });
    expect(all.body.rows[0].control_assigned).toBe(5);
  });

  test('of an experiment as a whole nothing is told: no test, no health, no decision', async () => {
    await team.api.sql(
      `update lead_experiments
       set status = 'completed', ended_at = now(), decision = 'KEEP', decision_code = 'WIN',
         decision_reason = 'KEEP: 33 of 50 treated leads were contacted.'`,
    );
    const path = '/v1/reports/experiment-results';
    const [all] = (await team.api.get(path)).body.rows;
    expect(all).toMatchObject({ decision: 'KEEP', health: 'ok', information_pct: 0 });
    const [own] = (await team.asAnn.get(path)).body.rows;
    expect(own).toMatchObject({ status: 'completed', control_assigned: 3, p_value: null });
    expect(own).toMatchObject({ p_allowed: null, health: null, information_pct: null });
    expect(own).toMatchObject({ decision: null, decision_code: null, decision_reason: null });
  });

  test('a lead that is handed over is gone, and comes with its past', async () => {
    const lead = await team.api.take({ agent_id: team.ann, first_name: 'Wan' });
    await team.api.patch(`/v1/leads/${lead}`, { first_name: 'Wanda' });
    expect((await team.asAnn.get(`/v1/leads/${lead}`)).status).toBe(200);
    expect((await team.asBob.get(`/v1/leads/${lead}`)).status).toBe(404);
    await team.api.patch(`/v1/leads/${lead}`, { agent_id: team.bob });
    expect((await team.asAnn.get(`/v1/leads/${lead}`)).status).toBe(404);
    const { body } = await team.asBob.get(`/v1/leads/${lead}`);
    expect(body.events).toHaveLength(3);
    const past = await team.asBob.get(`/v1/corrections?lead_id=${lead}`);
    expect(past.body.total).toBe(2);
  });
});
