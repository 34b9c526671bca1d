import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hookOf } from '../../core/hooks/stored-hooks.ts';
import { noteBack } from '../../core/queue/breaker.ts';
import { startTestMachine } from '../setup/machine.ts';
import { sampled, sampleOf, textOfSample } from './samples.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const secret = 'a-key-of-our-own';
const json = { 'content-type': 'application/json' };

/** Sends as a provider does: without a key of ours. */
const hook = (path: string, body: string | Buffer | FormData, headers: object = json) =>
  api.send('POST', `/v1/hooks/${path}`, {
    headers: { authorization: '', ...headers },
    body: typeof body === 'string' || body instanceof FormData ? body : new Uint8Array(body),
  });

const signed = (text: string, encoding: 'hex' | 'base64') =>
  createHmac('sha256', secret).update(text).digest(encoding);

/** What each provider sends beside the body to show itself. */
const proofs: Record<string, (body: string) => { headers?: object; query?: string }> = {
  'meta-lead-ads': () => ({ headers: { authorization: `Bearer ${api.key}` } }),
  'google-ads-lead-form': () => ({}),
  typeform: (body) => ({ headers: { 'typeform-signature': `sha256=${signed(body, 'base64')}` } }),
  webflow: (body) => {
    const time = String(Date.now());
    const signature = signed(`${time}:${body}`, 'hex');
    return { headers: { 'x-webflow-timestamp': time, 'x-webflow-signature': signature } };
  },
  'html-form': () => ({ query: `?token=${secret}` }),
};

describe.each(sampled)('%s', (name) => {
  const sample = sampleOf(name);
  const text = textOfSample(sample);
  const type = { 'content-type': sample.content_type };
  const proof = () => proofs[name]?.(text) ?? {};
  const knowsItself = name !== 'html-form';

  beforeAll(async () => {
    const secrets = name === 'meta-lead-ads' ? {} : { secrets: [secret] };
    const { mapping } = sample;
    const path = `/v1/hook-mappings/${name}`;
    const answer = await api.put(path, { preset: name, mapping, ...secrets });
    expect(answer.status).toBe(201);
  });

  test('becomes the lead it should, once', async () => {
    const { headers = {}, query = '' } = proof();
    const first = await hook(`${name}${query}`, text, { ...type, ...headers });
    expect(first.status, first.text).toBe(201);
    expect(first.body.findings).toBe(sample.findings.length);
    const { body: lead } = await api.get(first.headers.get('location') ?? '');
    const { created_at, estimated_value, ...others } = sample.lead;
    expect(lead).toMatchObject({ ...others, source: name, current_stage: 'new' });
    if (created_at) expect(Date.parse(lead.created_at)).toBe(Date.parse(String(created_at)));
    if (estimated_value) expect(Number(lead.estimated_value)).toBe(Number(estimated_value));
    const again = await hook(`${name}${query}`, text, { ...type, ...headers });
    expect([again.body.status, again.body.id === first.body.id]).toEqual(
      knowsItself ? ['known', true] : ['stored', false],
    );
  });

  test('is refused where it does not show that it is the one', async () => {
    const other = text.replace(secret, 'another key of another');
    const { headers = {} } = proofs[name]?.(`${text} `) ?? {};
    const wrong = name === 'meta-lead-ads' ? {} : headers;
    const answer = await hook(name, other, { ...type, ...wrong });
    expect([answer.status, answer.body.detail]).toEqual([
      401,
      'This hook does not know the sender.',
    ]);
  });

  test('tries out as the same lead, without being stored', async () => {
    const path = `/v1/hook-mappings/${name}/dry-run`;
    const { text, content_type } = sample;
    const given = text === undefined ? { sample: sample.sample } : { text, content_type };
    const before = (await api.get('/v1/leads')).body.total;
    const { status, body } = await api.post(path, given);
    expect(status).toBe(200);
    expect(body.lead).toMatchObject({ source: name, ...sample.lead });
    expect(body.findings.map(({ code }: { code: string }) => code)).toEqual(sample.findings);
    expect(body.id_from).toBe(knowsItself ? 'external_id' : 'nothing');
    expect((await api.get('/v1/leads')).body.total).toBe(before);
  });
});

describe('a hook', () => {
  beforeAll(() =>
    api.put('/v1/hook-mappings/Open%20House', {
      preset: 'html-form',
      authenticity: { kind: 'key' },
    }),
  );
  const key = () => ({ authorization: `Bearer ${api.key}` });

  test('is found by its source, however that is written', async () => {
    expect((await hook('%20OPEN%20house', '{}', { ...json, ...key() })).status).toBe(201);
    expect((await api.get('/v1/hook-mappings/open%20house')).body.source).toBe('open house');
  });

  test('that is not there, or switched off, is 404', async () => {
    expect((await hook('nowhere', '{}')).status).toBe(404);
    expect((await hook('%00', '{}')).status).toBe(404);
    await api.put('/v1/hook-mappings/off', { preset: 'meta-lead-ads', enabled: false });
    expect((await hook('off', '{}', { ...json, ...key() })).status).toBe(404);
  });

  test.each([
    ['no body', 400, '', json],
    ['no JSON', 400, '{"a":', json],
    ['no UTF-8', 400, Buffer.from([0x22, 0xff, 0x22]), json],
    ['no form', 400, 'x', { 'content-type': 'multipart/form-data; boundary=a' }],
    ['XML', 415, '<lead/>', { 'content-type': 'application/xml' }],
    ['a byte too many', 413, JSON.stringify('x'.repeat(32 * 1024 - 1)), json],
  ])('refuses %s', async (_, status, body, headers) => {
    expect((await hook('open house', body, { ...headers, ...key() })).status).toBe(status);
  });

  test('takes a form of several parts, with its files', async () => {
    const form = new FormData();
    form.append('name', 'Ada Lund');
    form.append('email', 'ada@example.com');
    form.append('photo', new Blob(['not a photo'], { type: 'image/png' }), 'house.png');
    const { status, body } = await hook('open house', form, key());
    expect(status).toBe(201);
    const { body: lead } = await api.get(`/v1/leads/${body.id}`);
    expect(lead).toMatchObject({ first_name: 'Ada', last_name: 'Lund', email: 'ada@example.com' });
    const base64 = Buffer.from('not a photo').toString('base64');
    const photo = { file: 'house.png', type: 'image/png', base64 };
    expect(lead.raw_data.submission.photo).toEqual(photo);
  });

  test('is read once a minute: from the second lead on, one call each', async () => {
    await api.put('/v1/hook-mappings/counted', { preset: 'meta-lead-ads' });
    const calls = async () => {
      api.machine.dataApi.resetCalls();
      expect((await hook('counted', '{}', { ...json, ...key() })).status).toBe(201);
      return api.machine.dataApi.calls();
    };
    expect([await calls(), await calls(), await calls()]).toEqual([2, 1, 1]);
  });

  test('is seen as it is a minute after a change, and kept while it cannot be read', async () => {
    const kindAt = async (at: number) => (await hookOf('changing', at))?.authenticity.kind;
    await api.put('/v1/hook-mappings/changing', { preset: 'meta-lead-ads' });
    expect(await kindAt(0)).toBe('key');
    await api.put('/v1/hook-mappings/changing', { preset: 'typeform', secrets: [secret] });
    expect(await kindAt(59_999)).toBe('key');
    api.machine.dataApi.resume({ calls: 1 });
    expect(await kindAt(60_000)).toBe('key');
    // For five seconds the database is not asked again.
    expect(await kindAt(120_000)).toBe('key');
    noteBack();
    expect(await kindAt(180_000)).toBe('hmac');
    api.machine.dataApi.resume({ calls: 1 });
    await expect(hookOf('never read', 0)).rejects.toThrow();
    noteBack();
  });

  test('makes one lead of a signed message without an id of its own, sent twice', async () => {
    const whsec = `whsec_${Buffer.from(secret).toString('base64')}`;
    const { mapping } = { mapping: { email: '/email' } };
    const authenticity = { kind: 'standard-webhooks' };
    const given = { mapping, authenticity, secrets: [whsec] };
    expect((await api.put('/v1/hook-mappings/standard', given)).status).toBe(201);
    const post = (id: string) => {
      const time = String(Math.floor(Date.now() / 1000));
      const body = '{"email":"ada@example.com"}';
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': time,
        'webhook-signature': `v1,${signed(`${id}.${time}.${body}`, 'base64')}`,
      };
      return hook('standard', body, { ...json, ...headers });
    };
    const first = await post('msg_1');
    const again = await post('msg_1');
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect((await post('msg_2')).body.id).not.toBe(first.body.id);
    const tried = await api.post('/v1/hook-mappings/standard/dry-run', { sample: {} });
    expect(tried.body.id_from).toBe('webhook_id');
  });

  test('is one lead for one Idempotency-Key, of each source', async () => {
    await api.put('/v1/hook-mappings/keyed', {
      preset: 'html-form',
      authenticity: { kind: 'key' },
    });
    const post = (source: string, body: string, idempotency: string) =>
      hook(source, body, { ...json, ...key(), 'idempotency-key': idempotency });
    const first = await post('keyed', '{"name":"Ada"}', 'view-1');
    const again = await post('keyed', '{"name":"Ada"}', 'view-1');
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await post('keyed', '{"name":"Bea"}', 'view-1')).status).toBe(422);
    expect((await post('open house', '{"name":"Ada"}', 'view-1')).status).toBe(201);
    expect((await post('keyed', '{"name":"Ada"}', 'x'.repeat(256))).status).toBe(201);
  });

  test('has the id that the API gives the same external id', async () => {
    const { body } = await hook('counted', '{"id":"7"}', { ...json, ...key() });
    const given = await api.post('/v1/leads', { source: 'counted', external_id: '7' });
    expect([given.status, given.body.id]).toEqual([200, body.id]);
  });
});
