import { afterAll, beforeAll, expect, test } from 'vitest';
import { corrections, keyId } from '../setup/corrections.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const path = (source: string) => `/v1/hook-mappings/${source}`;
const byHeader = { kind: 'secret', in: 'header', name: 'X-Api-Key' };
const secrets = ['open sesame'];
const byNamed = (name: string) => ({ mapping: {}, authenticity: { ...byHeader, name }, secrets });

test('a mapping is stored, shown and replaced, and its secrets are never shown', async () => {
  const given = { mapping: { email: '/mail' }, authenticity: byHeader, secrets };
  const stored = await api.put(path('form'), given);
  expect(stored.status).toBe(201);
  expect(stored.body).toMatchObject({
    source: 'form',
    enabled: true,
    mapping: { email: '/mail' },
    authenticity: { ...byHeader, name: 'x-api-key' },
    secrets: 1,
  });
  const replaced = await api.put(path('form'), { ...given, mapping: { phone: '/tel' } });
  expect([replaced.status, replaced.body.id]).toEqual([200, stored.body.id]);
  const shown = await api.get(path('form'));
  expect(shown.body).toEqual(replaced.body);
  const list = await api.get('/v1/hook-mappings');
  expect(list.body).toMatchObject({ items: [shown.body], total: 1 });
  for (const { text } of [stored, replaced, shown, list]) expect(text).not.toContain('sesame');
  expect((await api.get(path('nowhere'))).status).toBe(404);
});

test('secrets left out stay, and go with the kind that they are of', async () => {
  const given = { mapping: {}, authenticity: byHeader };
  await api.put(path('kept'), { ...given, secrets: ['open sesame', 'the next one'] });
  expect((await api.put(path('kept'), given)).body.secrets).toBe(2);
  const [row] = await api.sql(`select secrets from hook_mappings where source = 'kept'`);
  expect(row?.secrets).toEqual(['open sesame', 'the next one']);
  const signed = { preset: 'typeform' };
  const refused = await api.put(path('kept'), signed);
  expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'hook_mappings_secrets']);
  expect((await api.put(path('kept'), { ...signed, secrets })).body.secrets).toBe(1);
  expect((await api.put(path('kept'), { preset: 'meta-lead-ads' })).body.secrets).toBe(0);
});

test('what stood there before is kept, but never a secret', async () => {
  const given = { mapping: { email: '/mail' }, authenticity: byHeader, secrets };
  const { body } = await api.put(path('audited'), given);
  const kept = () => corrections(api, `kind=hook_mapping&subject_id=${body.id}`);
  await api.put(path('audited'), given);
  expect(await kept()).toEqual([]);
  await api.put(path('audited'), { ...given, mapping: { phone: '/tel' }, enabled: false });
  await api.put(path('audited'), { ...given, secrets: ['close sesame'] });
  const [last, first] = await kept();
  expect(first).toMatchObject({ kind: 'hook_mapping', corrected_by: keyId(api.key) });
  expect(first?.before).toEqual({ mapping: { email: '/mail' }, enabled: true });
  expect(last?.before).toEqual({ mapping: { phone: '/tel' }, enabled: false, secrets: 1 });
});

test('a preset is a beginning: what is given beside it comes before it', async () => {
  const mapping = { notes: '/field_data/name=when/values' };
  const { body } = await api.put(path('mixed'), { preset: 'meta-lead-ads', mapping });
  expect(body.mapping).toMatchObject({ external_id: ['/id', '/leadgen_id'], ...mapping });
  const { items } = (await api.get('/v1/hook-presets')).body;
  expect(items.map(({ name }: { name: string }) => name)).toContain('meta-lead-ads');
});

test.each([
  [{ mapping: {} }, '/mapping'],
  [{ preset: 'nobody' }, '/preset'],
  [{ preset: 'meta-lead-ads', secrets }, '/secrets'],
  [{ preset: 'typeform' }, '/secrets'],
  [{ preset: 'typeform', secrets: ['short'] }, '/secrets/0'],
  [{ preset: 'typeform', secrets: [...secrets, ...secrets, ...secrets] }, '/secrets'],
  [{ mapping: {}, authenticity: { kind: 'standard-webhooks' }, secrets }, '/secrets/0'],
  [{ mapping: {}, authenticity: { kind: 'none' } }, '/authenticity'],
  [byNamed('Cookie'), '/authenticity/name'],
  [byNamed('X-Forwarded-For'), '/authenticity/name'],
  [byNamed('two words'), '/authenticity/name'],
  [{ mapping: { mail: '/mail' }, authenticity: { kind: 'key' } }, '/mapping/mail'],
  [{ mapping: { email: 'mail' }, authenticity: { kind: 'key' } }, '/mapping/email'],
  [
    { mapping: { external_id: { constant: '1' } }, authenticity: { kind: 'key' } },
    '/mapping/external_id',
  ],
])('%j is refused at %s', async (body, pointer) => {
  const answer = await api.put(path('wrong'), body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
  expect((await api.get(path('wrong'))).status).toBe(404);
});

test('a dry run tries a mapping that is not stored, and says what it cannot read', async () => {
  const tried = path('untold');
  const dryRun = (body: object) => api.post(`${tried}/dry-run`, body);
  expect((await dryRun({ sample: {} })).status).toBe(404);
  const mapping = { full_name: '/who', estimated_value: '/worth', created_at: '/at' };
  const sample = { who: 'Ada Lund', worth: 'a lot', at: 'yesterday' };
  const { body } = await dryRun({ sample, mapping });
  expect(body).toEqual({
    lead: {
      source: 'untold',
      first_name: 'Ada',
      last_name: 'Lund',
      raw_data: { submission: sample, findings: body.findings },
    },
    findings: [
      { field: 'created_at', code: 'time_unread', detail: expect.any(String) },
      { field: 'estimated_value', code: 'amount_unread', detail: expect.any(String) },
    ],
    id_from: 'nothing',
  });
  const type = 'application/x-www-form-urlencoded';
  const form = await dryRun({ text: 'who=Bea', content_type: type, mapping });
  expect(form.body.lead.first_name).toBe('Bea');
  const broken = await dryRun({ text: '{', content_type: 'application/json', mapping });
  expect(broken.status).toBe(400);
  expect((await dryRun({ mapping })).status).toBe(422);
  expect((await dryRun({ mapping, text: 'who=Bea' })).status).toBe(422);
  expect((await dryRun({ mapping, sample, text: 'x', content_type: type })).status).toBe(422);
  expect((await api.get(tried)).status).toBe(404);
});
