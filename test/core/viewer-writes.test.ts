import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiAnswer } from '../setup/machine.ts';
import { startTwoAgents, type TwoAgents } from '../setup/two-agents.ts';

let team: TwoAgents;
beforeAll(async () => {
  team = await startTwoAgents();
});
afterAll(() => team.close());

const unknown = '00000000-0000-4000-8000-00000000dead';
const call = { event_type: 'contacted', event_source: 'agent' };

/** What an answer says, without the id of its request. */
const said = ({ status, body: { request_id: _, ...rest } }: ApiAnswer) => ({ status, ...rest });
const codes = ({ status, body }: ApiAnswer) => [
  status,
  body.errors?.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`),
];

/** All that is stored of leads which are not Ann's. */
async function othersLeads() {
  return team.api.sql(
    `select to_jsonb(l), (
       select jsonb_agg(to_jsonb(e) order by e.id) from lead_events e where e.lead_id = l.id
     )
     from leads l where l.assigned_agent_id is distinct from $1 order by l.id`,
    [team.ann],
  );
}

describe("an agent changes nothing of others' leads", () => {
  let before: unknown[];
  beforeEach(async () => {
    before = await othersLeads();
    return async () => expect(await othersLeads()).toEqual(before);
  });

  test('by PATCH', async () => {
    const { other, hidden, nobodys } = team.ids;
    const nowhere = said(await team.asAnn.patch(`/v1/leads/${unknown}`, { notes: 'mine' }));
    expect(nowhere.status).toBe(404);
    for (const id of [other, hidden, nobodys]) {
      for (const changes of [{ notes: 'mine' }, { agent_id: team.ann }, { stage: 'new' }]) {
        expect(said(await team.asAnn.patch(`/v1/leads/${id}`, changes))).toEqual(nowhere);
      }
    }
  });

  test('by an event, alone', async () => {
    const nowhere = said(await team.asAnn.post(`/v1/leads/${unknown}/events`, call));
    expect(nowhere.status).toBe(404);
    const path = `/v1/leads/${team.ids.other}/events`;
    expect(said(await team.asAnn.post(path, call))).toEqual(nowhere);
    const mine = { event_type: 'assigned', event_source: 'agent', agent_id: team.ann };
    expect(said(await team.asAnn.post(path, mine))).toEqual(nowhere);
  });

  test('by events in a batch, whose own ones are recorded', async () => {
    const { sold, other } = team.ids;
    const items = [
      { ...call, lead_id: other },
      { ...call, lead_id: sold },
      { ...call, lead_id: unknown },
      { ...call, lead_external_id: 'bobs-own-id' },
      { ...call, lead_external_id: 'a-1' },
      { ...call, lead_external_id: 'nobodys' },
    ];
    const { body } = await team.asAnn.post('/v1/events/batch', { items });
    const statuses = body.results.map(({ status }: { status: number }) => status);
    expect(statuses).toEqual([422, 201, 422, 422, 201, 422]);
    expect(body.results[0].problem).toEqual(body.results[2].problem);
    expect(body.results[3].problem).toEqual(body.results[5].problem);
  });

  test('by taking an event back', async () => {
    const reason = { by: 'Ann', reason: 'not so' };
    const nowhere = said(await team.asAnn.post(`/v1/events/${unknown}/void`, reason));
    expect(nowhere.status).toBe(404);
    const { other, calls } = team.ids;
    const sql = "select id from lead_events where lead_id = $1 and event_type = 'closed'";
    const [closed] = await team.api.sql<{ id: string }>(sql, [other]);
    for (const id of [closed?.id, calls[1]]) {
      expect(said(await team.asAnn.post(`/v1/events/${id}/void`, reason))).toEqual(nowhere);
    }
  });

  test('by a duplicate of one', async () => {
    const { other, again } = team.ids;
    const ofNobody = await team.asAnn.patch(`/v1/leads/${again}`, { duplicate_of: unknown });
    expect(codes(ofNobody)).toEqual([422, ['/duplicate_of leads_duplicate_of_fkey']]);
    const ofBobs = await team.asAnn.patch(`/v1/leads/${again}`, { duplicate_of: other });
    expect(said(ofBobs)).toEqual(said(ofNobody));
    const taken = await team.asAnn.post('/v1/leads', { source: 'zillow', duplicate_of: other });
    expect(said(taken)).toEqual(said(ofNobody));
  });

  test('by taking it in again, and is shown nothing of it', async () => {
    const lead = { source: 'bobs-source', external_id: 'bobs-own-id' };
    const answer = await team.asAnn.post('/v1/leads', lead);
    expect(codes(answer)).toEqual([422, [' leads_own']]);
    expect(answer.text).not.toContain(team.ids.other);
    const items = [{ source: 'zillow', external_id: 'a-1' }, lead, { ...lead, external_id: 'new' }];
    for (const path of ['/v1/leads/batch?dry_run=true', '/v1/leads/batch']) {
      const { body, text } = await team.asAnn.post(path, { items });
      const statuses = body.results.map(({ status }: { status: number }) => status);
      expect(statuses).toEqual([200, 422, 201]);
      expect(text).not.toContain(team.ids.other);
    }
  });
});

describe('an agent takes in own leads', () => {
  test.each([
    ['nobody', () => ({})],
    ['nobody, in so many words', () => ({ agent_id: null })],
    ['the agent by id', () => ({ agent_id: team.ann })],
    ['the agent by the external id', () => ({ agent_external_id: 'ann' })],
  ])('where the lead names %s', async (_who, named) => {
    const lead = { source: 'open-house', ...named() };
    const { status, body } = await team.asAnn.post('/v1/leads', lead);
    expect([status, body.assigned_agent_id]).toEqual([201, team.ann]);
    expect((await team.asAnn.get(`/v1/leads/${body.id}`)).status).toBe(200);
    expect((await team.asBob.get(`/v1/leads/${body.id}`)).status).toBe(404);
    const batch = await team.asAnn.post('/v1/leads/batch', { items: [lead, lead] });
    for (const { id } of batch.body.results) {
      expect((await team.asAnn.get(`/v1/leads/${id}`)).body.assigned_agent_id).toBe(team.ann);
    }
  });

  test('and none that names another', async () => {
    const count = 'select count(*)::int from leads';
    const before = await team.api.sql(count);
    const byId = await team.asAnn.post('/v1/leads', { source: 'web', agent_id: team.bob });
    expect(codes(byId)).toEqual([422, ['/agent_id agent_id_own']]);
    const lead = { source: 'web', agent_external_id: 'bob-1' };
    const byName = await team.asAnn.post('/v1/leads', lead);
    expect(codes(byName)).toEqual([422, ['/agent_external_id agent_external_id_own']]);
    const nobody = await team.asAnn.post('/v1/leads', { source: 'web', agent_id: unknown });
    expect(codes(nobody)).toEqual([422, ['/agent_id agent_id_known']]);
    expect(await team.api.sql(count)).toEqual(before);
  });

  test('once: again it is the first one, until it is handed over', async () => {
    const lead = { source: 'open-house', external_id: 'door-7', first_name: 'Dora' };
    const first = await team.asAnn.post('/v1/leads', lead);
    const again = await team.asAnn.post('/v1/leads', lead);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    await team.api.patch(`/v1/leads/${first.body.id}`, { agent_id: team.bob });
    const gone = await team.asAnn.post('/v1/leads', lead);
    expect(codes(gone)).toEqual([422, [' leads_own']]);
    expect((await team.asBob.post('/v1/leads', lead)).body.id).toBe(first.body.id);
  });

  test('the same request again shows a lead no more that was handed over since', async () => {
    const key = { 'idempotency-key': 'open-house-8' };
    const lead = { source: 'open-house', first_name: 'Odo' };
    const first = await team.asAnn.post('/v1/leads', lead, key);
    const again = await team.asAnn.post('/v1/leads', lead, key);
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    await team.api.patch(`/v1/leads/${first.body.id}`, { agent_id: team.bob });
    const gone = await team.asAnn.post('/v1/leads', lead, key);
    expect(codes(gone)).toEqual([422, [' leads_own']]);
  });
});

describe('an agent works on own leads', () => {
  test('correcting, calling, selling, and taking back what was wrong', async () => {
    const { body: lead } = await team.asAnn.post('/v1/leads', { source: 'open-house' });
    const path = `/v1/leads/${lead.id}`;
    const changed = await team.asAnn.patch(path, { first_name: 'Ina', quality_score: 'B' });
    expect([changed.status, changed.body.quality_score]).toEqual([200, 'B']);
    const called = await team.asAnn.post(`${path}/events`, { ...call, external_id: 'c-1' });
    expect(called.status).toBe(201);
    const again = await team.asAnn.post(`${path}/events`, { ...call, external_id: 'c-1' });
    expect([again.status, again.body.id]).toEqual([200, called.body.id]);
    const reason = { by: 'Ann', reason: 'wrong number' };
    const taken = await team.asAnn.post(`/v1/events/${called.body.id}/void`, reason);
    expect([taken.status, taken.body.void_reason]).toEqual([200, 'wrong number']);
    const original = await team.asAnn.patch(path, { duplicate_of: team.ids.sold });
    expect([original.status, original.body.duplicate_of]).toEqual([200, team.ids.sold]);
  });

  test('and hands one over by PATCH or by an event, and sees it no more', async () => {
    const handOver = { event_type: 'assigned', event_source: 'agent', agent_id: team.bob };
    for (const by of ['patch', 'post'] as const) {
      const { body: lead } = await team.asAnn.post('/v1/leads', { source: 'open-house' });
      const path = `/v1/leads/${lead.id}`;
      const { status } = await (by === 'patch'
        ? team.asAnn.patch(path, { agent_id: team.bob })
        : team.asAnn.post(`${path}/events`, handOver));
      expect(status).toBe(by === 'patch' ? 200 : 201);
      expect((await team.asAnn.get(path)).status).toBe(404);
      expect((await team.asAnn.patch(path, { agent_id: team.ann })).status).toBe(404);
      expect((await team.asBob.get(path)).status).toBe(200);
    }
  });

  test('the original that is not theirs stays unseen in the answer', async () => {
    const { status, body } = await team.asAnn.patch(`/v1/leads/${team.ids.twin}`, { notes: 'ok' });
    expect([status, body.duplicate_of]).toEqual([200, null]);
    const again = await team.asAnn.post('/v1/leads', { source: 'zillow', external_id: 'a-2' });
    expect([again.status, again.body.id]).toEqual([200, team.ids.twin]);
    expect(again.body.duplicate_of).toBe(null);
    const [stored] = await team.api.sql<{ duplicate_of: string }>(
      'select duplicate_of from leads where id = $1',
      [team.ids.twin],
    );
    expect(stored?.duplicate_of).toBe(team.ids.other);
  });

  test('with one call of the Data API each', async () => {
    const { dataApi } = team.api.machine;
    dataApi.resetCalls();
    await team.asAnn.post('/v1/leads', { source: 'web' });
    await team.asAnn.patch(`/v1/leads/${team.ids.other}`, { notes: 'mine' });
    await team.asAnn.get('/v1/leads?include=test,duplicate');
    await team.asAnn.get(`/v1/leads?agent_id=${team.bob}`);
    expect(dataApi.calls()).toBe(3);
  });
});
