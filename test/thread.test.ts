import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, parseKeySecrets, verifyKey } from '../core/access/keys.ts';
import type { Scope } from '../core/catalogue/routes.ts';
import { startTestMachine } from './setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

describe('a thread through the whole house', () => {
  test('a lead comes in, is called, and the summary counts it', async () => {
    const taken = await api.post('/v1/leads', {
      source: ' Zillow ',
      email: ' Ada@Example.com',
      phone: '(415) 555-0132',
      quality_score: 'A',
      external_id: 'form-1',
    });
    expect(taken.status).toBe(201);
    expect(taken.headers.get('location')).toBe(`/v1/leads/${taken.body.id}`);
    expect(taken.body).toMatchObject({
      source: 'zillow',
      email: ' Ada@Example.com',
      email_normalised: 'ada@example.com',
      phone_normalised: '+14155550132',
      quality_score: 'A',
      current_stage: 'new',
    });

    const event = { event_type: 'contacted', event_source: 'agent', external_id: 'call-1' };
    const recorded = await api.post(`/v1/leads/${taken.body.id}/events`, event);
    expect(recorded.status).toBe(201);

    const shown = await api.get(`/v1/leads/${taken.body.id}`);
    expect(shown.status).toBe(200);
    expect(shown.body.current_stage).toBe('contacted');
    expect(shown.body.first_human_contact_at).toBe(recorded.body.created_at);
    expect(shown.body.events.map((e: { event_type: string }) => e.event_type)).toEqual([
      'contacted',
      'scored',
      'created',
    ]);

    const summary = await api.get('/v1/reports/executive-summary');
    expect(summary.status).toBe(200);
    expect(summary.body.rows).toMatchObject([
      { total_leads: 1, active_sources: 1, a_leads: 1, unscored_leads: 0, contacted_leads: 1 },
    ]);
  });

  test('the same lead and the same event again are the first ones', async () => {
    const lead = { source: 'referral', external_id: 'twice', first_name: 'First' };
    const first = await api.post('/v1/leads', lead);
    const again = await api.post('/v1/leads', { ...lead, first_name: 'Second' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);

    const event = { event_type: 'contacted', event_source: 'agent', external_id: 'once' };
    const one = await api.post(`/v1/leads/${first.body.id}/events`, event);
    const two = await api.post(`/v1/leads/${first.body.id}/events`, event);
    expect([one.status, two.status]).toEqual([201, 200]);
    expect(two.body).toEqual(one.body);
  });

  test('a lead that 16 clients send at once is one lead, and one of them made it', async () => {
    const lead = { source: 'webflow', external_id: 'form-77' };
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => api.post('/v1/leads', lead)),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(15);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    const events = await api.get(`/v1/leads/${answers[0]?.body.id}/events`);
    expect(events.body.total).toBe(1);
  });

  test('health needs no key and tells the migrations', async () => {
    const response = await fetch(`${api.url}/v1/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'ok' });
  });
});

describe('who may come in', () => {
  const lead = JSON.stringify({ source: 'zillow' });
  const headers = { 'content-type': 'application/json' };

  test('nobody without a key, with a forged one, or with one for other things', async () => {
    const post = (authorization?: string) =>
      fetch(`${api.url}/v1/leads`, {
        method: 'POST',
        headers: authorization === undefined ? headers : { ...headers, authorization },
        body: lead,
      }).then((response) => response.status);
    const [, payload = '', mac = ''] = /^lp_(.*)_(.{43})$/.exec(api.key) ?? [];
    const admin = Buffer.from('{"id":"key_x","scopes":["admin"]}').toString('base64url');

    expect(await post()).toBe(401);
    expect(await post('Bearer nonsense')).toBe(403);
    expect(await post(`Bearer lp_${admin}_${mac}`)).toBe(403);
    expect(
      await post(`Bearer lp_${payload}_${mac.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`),
    ).toBe(403);
    expect(await post(`Bearer ${await api.keyWith(['reports:read'])}`)).toBe(403);
    expect(await post(`Bearer ${await api.keyWith(['leads:write'])}`)).toBe(201);
  });

  test('a key of one source takes in leads of that source alone', async () => {
    const authorization = `Bearer ${await api.keyWith(['leads:write'], 'facebook')}`;
    const post = (source: string) =>
      api.send('POST', '/v1/leads', {
        headers: { ...headers, authorization },
        body: JSON.stringify({ source }),
      });
    expect((await post('Facebook')).status).toBe(201);
    const refused = await post('zillow');
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain('facebook');
  });

  test('and finds leads of other sources neither to change nor to tell of', async () => {
    const scopes: Scope[] = ['leads:write', 'events:write'];
    const authorization = `Bearer ${await api.keyWith(scopes, 'facebook')}`;
    const own = (await api.post('/v1/leads', { source: 'facebook' })).body.id;
    const other = (await api.post('/v1/leads', { source: 'zillow' })).body.id;
    const call = { event_type: 'contacted', event_source: 'agent' };
    const event = (await api.post(`/v1/leads/${other}/events`, call)).body.id;
    const send = async (method: string, path: string, body: object) => {
      const options = { headers: { ...headers, authorization }, body: JSON.stringify(body) };
      return (await api.send(method, path, options)).status;
    };
    expect(await send('PATCH', `/v1/leads/${own}`, { notes: 'x' })).toBe(200);
    expect(await send('POST', `/v1/leads/${own}/events`, call)).toBe(201);
    expect(await send('PATCH', `/v1/leads/${own}`, { duplicate_of: other })).toBe(422);
    expect(await send('PATCH', `/v1/leads/${own}`, { event_source: 'agent' })).toBe(422);
    const theirs = { source: 'facebook', duplicate_of: other };
    expect(await send('POST', '/v1/leads', theirs)).toBe(422);
    expect(await send('PATCH', `/v1/leads/${other}`, { notes: 'x' })).toBe(404);
    expect(await send('POST', `/v1/leads/${other}/events`, call)).toBe(404);
    expect(await send('POST', `/v1/events/${event}/void`, { by: 'x', reason: 'y' })).toBe(404);
    await expect(api.keyWith(['reports:read'], 'facebook')).rejects.toThrow(/one source/);
  });

  test('a key of before a rotation is good until its secret goes', () => {
    const [before, after] = ['a'.repeat(40), 'b'.repeat(40)];
    const key = createKey({ scopes: ['admin'] }, before);
    const rotated = parseKeySecrets(JSON.stringify({ current: after, previous: before }));
    expect(verifyKey(key, rotated)?.scopes).toEqual(['admin']);
    expect(verifyKey(key, parseKeySecrets(JSON.stringify({ current: after })))).toBeUndefined();
  });
});
