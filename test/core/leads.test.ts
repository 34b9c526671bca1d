import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

async function take(body: object = {}): Promise<string> {
  const answer = await api.post('/v1/leads', { source: 'zillow', ...body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

async function agent(body: object = {}): Promise<string> {
  const answer = await api.post('/v1/agents', { first_name: 'Bea', last_name: 'Lund', ...body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

describe('a lead is corrected', () => {
  test('details change, what is not named stays, null empties', async () => {
    const id = await take({ first_name: 'Ada', email: 'ADA@example.com', notes: 'call late' });
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
    const id = await take();
    const bea = await agent();
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
    const id = await take();
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
    const id = await take();
    const closed = await api.patch(`/v1/leads/${id}`, { stage: 'closed', value: '12500' });
    expect(closed.body).toMatchObject({ converted: true, conversion_value: '12500.00' });
    const dead = await api.patch(`/v1/leads/${id}`, { stage: 'dead' });
    expect(dead.body).toMatchObject({ converted: false, conversion_value: null });
    expect((await api.patch(`/v1/leads/${id}`, { stage: 'new' })).status).toBe(409);
    const revived = await api.patch(`/v1/leads/${id}`, { stage: 'closed' });
    expect(revived.body).toMatchObject({ converted: true, conversion_value: '12500.00' });
  });

  test('a created event cannot be taken back, an unknown one is 404', async () => {
    const id = await take();
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

describe('leads are listed', () => {
  test('page by page without a gap or a twin, at equal times too', async () => {
    const created_at = '2026-03-01T12:00:00.000001Z';
    const ids = await Promise.all(
      Array.from({ length: 7 }, () => take({ source: 'pages', created_at })),
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor && `&cursor=${cursor}`;
      const page = await api.get(`/v1/leads?source=Pages&limit=3${next}`);
      expect(page.body.total).toBe(7);
      seen.push(...page.body.items.map((lead: { id: string }) => lead.id));
      cursor = page.body.next_cursor;
    }
    expect(seen).toEqual(ids.sort().reverse());
  });

  test('a page that would be too large for one answer is cut, and the rest follows', async () => {
    const long = { source: 'large', referrer_url: '\u{1F3E0}'.repeat(1000) };
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) {
      ids.push(...(await Promise.all(Array.from({ length: 65 }, () => take(long)))));
    }
    const first = await api.get('/v1/leads?source=large&limit=200');
    expect(first.status).toBe(200);
    expect(first.body.items.length).toBeLessThan(200);
    const rest = await api.get(`/v1/leads?source=large&limit=200&cursor=${first.body.next_cursor}`);
    const seen = [...first.body.items, ...rest.body.items].map((lead) => lead.id);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.every((id) => ids.includes(id))).toBe(true);
    expect(seen.length).toBeGreaterThan(200);
  });

  test('search finds names, e-mail, phone and address, and takes % and _ as they are', async () => {
    const id = await take({
      first_name: 'Zo\u00eb',
      last_name: '100%_sure',
      phone: '(415) 555-0177',
      property_address: '12 Long Lane',
    });
    for (const q of ['ZO\u00cb', '100%_s', '+14155550177', 'long lane']) {
      const found = await api.get(`/v1/leads?q=${encodeURIComponent(q)}`);
      expect(found.body.items.map((lead: { id: string }) => lead.id)).toEqual([id]);
    }
    expect((await api.get('/v1/leads?q=100__sure')).body.total).toBe(0);
  });

  test('tests and duplicates are left out until they are asked for', async () => {
    const original = await take({ source: 'counted' });
    await take({ source: 'counted', is_test: true });
    await take({ source: 'counted', duplicate_of: original });
    const total = async (more: string) =>
      (await api.get(`/v1/leads?source=counted${more}`)).body.total;
    expect(await total('')).toBe(1);
    expect(await total('&include=test')).toBe(2);
    expect(await total('&include=duplicate')).toBe(2);
    expect(await total('&include=test,duplicate')).toBe(3);
  });
});

describe('agents', () => {
  test('one who leaves hands the open leads to another in one call', async () => {
    const bea = await agent({ external_id: 'bea' });
    const cal = await agent({ first_name: 'Cal' });
    const open = await take({ agent_external_id: 'bea' });
    const done = await take({ agent_id: bea });
    await api.patch(`/v1/leads/${done}`, { stage: 'closed' });

    const left = await api.patch(`/v1/agents/${bea}`, { active: false });
    expect(left.body).toMatchObject({ active: false, open_leads: 1 });
    const handed = await api.patch(`/v1/agents/${bea}`, { active: false, reassign_to: cal });
    expect(handed.body.open_leads).toBe(0);
    expect((await api.get(`/v1/leads/${open}`)).body.assigned_agent_id).toBe(cal);
    expect((await api.get(`/v1/leads/${done}`)).body.assigned_agent_id).toBe(bea);
    expect((await api.get('/v1/agents?active=false')).body.items).toMatchObject([{ id: bea }]);
  });

  test('the same external id again is the first agent', async () => {
    const body = { first_name: 'Dee', last_name: 'Moe', external_id: 'dee' };
    const first = await api.post('/v1/agents', body);
    const again = await api.post('/v1/agents', { ...body, first_name: 'Other' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
  });
});

test('the workspace tells its zone, currency and day', async () => {
  const { body } = await api.get('/v1/workspace');
  expect(body).toMatchObject({ timezone: 'UTC', currency: 'USD' });
});
