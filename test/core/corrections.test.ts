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

describe('a corrected lead', () => {
  test('leaves who, when, and every column that changed as it was', async () => {
    const original = await api.take();
    const given = {
      first_name: 'Ada',
      last_name: null,
      email: 'ADA@example.com',
      phone: '(415) 555-0132',
      property_city: 'Oakland',
      estimated_value: '450000.50',
      utm_campaign: 'spring',
      raw_data: { form: { id: 7 } },
      notes: 'call late',
      is_test: false,
    };
    const id = await api.take(given);
    const since = new Date().toISOString();
    await api.patch(`/v1/leads/${id}`, {
      first_name: 'Adele',
      last_name: 'Lovelace',
      email: null,
      phone: '(415) 555-0199',
      property_city: null,
      estimated_value: 1,
      utm_campaign: 'summer',
      raw_data: { form: { id: 8 } },
      notes: null,
      is_test: true,
      duplicate_of: original,
    });
    const [correction, ...others] = await corrections(api, `subject_id=${id}`);
    expect(others).toEqual([]);
    expect(correction).toMatchObject({ kind: 'lead', subject_id: id });
    expect(correction?.corrected_by).toBe(keyId(api.key));
    expect(String(correction?.created_at) >= since).toBe(true);
    expect(correction?.before).toEqual({
      ...given,
      email_normalised: 'ada@example.com',
      phone_normalised: '+14155550132',
      duplicate_of: null,
    });
  });

  test('leaves nothing where it is told what is there already', async () => {
    const change = { notes: 'x', estimated_value: '7', is_test: false, raw_data: { a: [1] } };
    const id = await api.take(change);
    const first = await api.get(`/v1/leads/${id}`);
    const again = await api.patch(`/v1/leads/${id}`, { ...change, estimated_value: 7.0 });
    expect(again.body.updated_at).toBe(first.body.updated_at);
    expect(await corrections(api, `lead_id=${id}`)).toEqual([]);
  });

  test('leaves what its events changed too', async () => {
    const [bea, cal] = [await api.addAgent(), await api.addAgent()];
    const reason = { equity: 'low' };
    const lead = { agent_id: bea, quality_score: 'C', qualification_reason: reason };
    const id = await api.take({ ...lead, created_at: '2026-03-01T12:00:00Z' });
    await api.patch(`/v1/leads/${id}`, { agent_id: cal, quality_score: 'A', stage: 'closed' });
    expect(await stoodThere(`subject_id=${id}`)).toEqual({
      assigned_agent_id: bea,
      assigned_at: '2026-03-01T12:00:00.000000Z',
      quality_score: 'C',
      qualification_reason: reason,
      current_stage: 'new',
      converted: false,
      converted_at: null,
      closed_at: null,
    });
    await api.patch(`/v1/leads/${id}`, { stage: 'closed', value: '9500' });
    await api.patch(`/v1/leads/${id}`, { stage: 'closed', value: '12500' });
    expect(await stoodThere(`subject_id=${id}`)).toEqual({ conversion_value: '9500.00' });
  });

  test('leaves nothing where it was refused', async () => {
    const id = await api.take();
    await api.patch(`/v1/leads/${id}`, { stage: 'offer' });
    const refused = await api.patch(`/v1/leads/${id}`, { stage: 'qualified', notes: 'lost?' });
    expect(refused.status).toBe(409);
    expect((await api.patch(`/v1/leads/${id}`, { agent_external_id: 'nobody' })).status).toBe(422);
    expect(await corrections(api, `lead_id=${id}`)).toHaveLength(1);
  });

  test('leaves all of it, however large', async () => {
    const full = { raw_data: { c: 'c'.repeat(32_700) }, notes: '"'.repeat(4700) };
    const large = {
      ...full,
      referrer_url: '\u{1F3E0}'.repeat(1000),
      property_address: '"'.repeat(500),
    };
    const id = await api.take({ ...large, last_name: '\u{1F3E0}'.repeat(100) });
    const empty = { raw_data: null, notes: null, referrer_url: null, property_address: null };
    expect((await api.patch(`/v1/leads/${id}`, empty)).status).toBe(200);
    expect(await stoodThere(`subject_id=${id}`)).toEqual(large);

    // The largest reason beside them: together 60 KB, which a row carries.
    const [reason, utm] = [{ why: 'w'.repeat(8100) }, 'u'.repeat(200)];
    const details = { quality_score: 'D', qualification_reason: reason };
    const scored = { event_type: 'scored', event_source: 'automation', details };
    const again = await api.patch(`/v1/leads/${id}`, {
      ...large,
      utm_source: utm,
      utm_medium: utm,
    });
    expect(again.status, again.text).toBe(200);
    expect((await api.post(`/v1/leads/${id}/events`, scored)).status).toBe(201);
    const other = { quality_score: 'A', qualification_reason: null, utm_source: null };
    const all = { ...empty, ...other, utm_medium: null, last_name: null };
    expect((await api.patch(`/v1/leads/${id}`, all)).status).toBe(200);
    expect(await stoodThere(`subject_id=${id}`)).toMatchObject({ ...large, ...details });
  });
});

describe('two at once', () => {
  test('each leaves what it found, in the order in which they changed the lead', async () => {
    const id = await api.take({ notes: 'start' });
    const keys = await Promise.all(Array.from({ length: 8 }, () => api.keyWith(['leads:write'])));
    const writer = async (key: string) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      for (let round = 0; round < 6; round++) {
        const body = JSON.stringify({ notes: `${keyId(key)} ${round}` });
        const answer = await api.send('PATCH', `/v1/leads/${id}`, { headers, body });
        expect(answer.status, answer.text).toBe(200);
      }
    };
    await Promise.all(keys.map(writer));
    const left = (await corrections(api, `subject_id=${id}`)).toReversed();
    const { notes } = (await api.get(`/v1/leads/${id}`)).body;
    const seen = [...left.map((one) => String(one.before.notes)), notes];
    expect(new Set(seen).size).toBe(49);
    const writers = seen.map((text) => text.split(' ')[0]);
    expect(writers).toEqual(['start', ...left.map((one) => one.corrected_by)]);
  });
});

describe('an event that is taken back', () => {
  test('leaves itself, and what the lead was while it counted; once', async () => {
    const id = await api.take({ created_at: '2026-03-01T12:00:00Z' });
    const closed = await api.post(`/v1/leads/${id}/events`, {
      event_type: 'closed',
      event_source: 'agent',
      value: '12500',
      created_at: '2026-03-02T12:00:00Z',
    });
    const path = `/v1/events/${closed.body.id}/void`;
    for (const by of ['Bea', 'Cal']) await api.post(path, { by, reason: 'another lead' });
    expect(await corrections(api, `lead_id=${id}`)).toHaveLength(2);
    expect(await corrections(api, `subject_id=${closed.body.id}`)).toMatchObject([
      {
        kind: 'event',
        corrected_by: keyId(api.key),
        before: { voided_at: null, voided_by: null, void_reason: null },
      },
    ]);
    expect(await corrections(api, `subject_id=${id}`)).toMatchObject([
      {
        kind: 'lead',
        corrected_by: keyId(api.key),
        before: {
          current_stage: 'closed',
          converted: true,
          converted_at: '2026-03-02T12:00:00.000000Z',
          conversion_value: '12500.00',
          closed_at: '2026-03-02T12:00:00.000000Z',
        },
      },
    ]);
  });

  test('by two at once leaves what it was, once', async () => {
    const id = await api.take();
    await api.patch(`/v1/leads/${id}`, { stage: 'dead' });
    const [dead] = (await api.get(`/v1/leads/${id}/events`)).body.items;
    const voids = ['Bea', 'Cal', 'Dee'].map((by) =>
      api.post(`/v1/events/${dead.id}/void`, { by, reason: 'alive' }),
    );
    const told = (await Promise.all(voids)).map((answer) => answer.body.voided_by);
    expect(new Set(told).size).toBe(1);
    expect(await corrections(api, `subject_id=${dead.id}`)).toHaveLength(1);
    expect(await stoodThere(`subject_id=${id}`)).toMatchObject({ current_stage: 'dead' });
  });

  test('that changed nothing of its lead leaves itself alone', async () => {
    const id = await api.take();
    await api.patch(`/v1/leads/${id}`, { stage: 'contacted' });
    const call = { event_type: 'contacted', event_source: 'automation' };
    const second = await api.post(`/v1/leads/${id}/events`, call);
    await api.post(`/v1/events/${second.body.id}/void`, { by: 'Bea', reason: 'twice' });
    const kinds = (await corrections(api, `lead_id=${id}`)).map((one) => one.kind);
    expect(kinds).toEqual(['event', 'lead']);
  });
});
