import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mappedFields } from '../../core/hooks/mapping.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
  // Every field but the id, which would make leads one, is there to be filled.
  const mapping = Object.fromEntries(
    mappedFields.filter((name) => name !== 'external_id').map((name) => [name, `/${name}`]),
  );
  await api.put('/v1/hook-mappings/any', { mapping, authenticity: { kind: 'key' } });
  const worst = Object.fromEntries(mappedFields.map((name) => [name, '/x']));
  await api.put('/v1/hook-mappings/worst', { mapping: worst, authenticity: { kind: 'key' } });
});
afterAll(() => api.close());

const limit = 32 * 1024;
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** Sends a body; the lead that it became, which it must. */
async function taken(body: string | Buffer, type: string, source = 'any') {
  const options = { headers: { 'content-type': type }, body: Buffer.from(body) };
  const answer = await api.send('POST', `/v1/hooks/${source}`, options);
  expect(answer.status, answer.text).toBe(201);
  const lead = await api.get(`/v1/leads/${answer.body.id}`);
  expect(lead.status).toBe(200);
  const { raw_data } = lead.body;
  const { findings = [], more_findings = 0 } = raw_data;
  expect(answer.body.findings).toBe(findings.length + more_findings);
  return lead.body;
}

const codesOf = (lead: { raw_data: { findings?: { code: string }[] } }) =>
  (lead.raw_data.findings ?? []).map(({ code }) => code);

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('\0', '\ud800', '\u0001'.repeat(9000), '字'.repeat(3000), '😀'.repeat(2500)),
  fc.constantFrom('$450,000', '-1', 'NaN', '1e400', '+275760-09-13T00:00:00Z', 'Ä@ü', "'; --"),
);
const numbers = fc.constantFrom('1e400', '12345678901234567890', '-0', '1e14', '0.1e-300');
/** JSON as no serialiser writes it: fields that stand twice, long numbers, odd text. */
const wild = fc.letrec<{ value: string; fields: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    odd.map((text) => JSON.stringify(text)),
    numbers,
    fc.json(),
    tie('fields'),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
  ),
  fields: fc
    .array(
      fc.tuple(fc.oneof(fc.constantFrom(...mappedFields, '__proto__', '', 'a'), odd), tie('value')),
      { maxLength: 25 },
    )
    .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
}));

test('whatever JSON comes is a lead', async () => {
  const fitting = fc
    .oneof(wild.fields, wild.value)
    .filter((text) => Buffer.byteLength(text) <= limit);
  await fc.assert(
    fc.asyncProperty(fitting, async (text) => {
      await taken(text, json);
    }),
    { numRuns: 150 },
  );
});

test('whatever form comes is a lead', async () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom(...mappedFields, 'a', ''), odd));
  const encoded = pairs.map((given) => new URLSearchParams(given as [string, string][]).toString());
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((given) => Buffer.from(given));
  const fitting = fc
    .oneof(encoded, bytes)
    .filter((body) => body.length > 0 && body.length <= limit);
  await fc.assert(
    fc.asyncProperty(fitting, async (body) => {
      await taken(body, form);
    }),
    { numRuns: 100 },
  );
});

/** Bodies of just 32 KB, each of which grows in a way of its own where it is kept. */
const full: [string, (bytes: number) => string][] = [
  ['brackets', (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2)],
  ['one long text', (bytes) => JSON.stringify({ notes: 'x'.repeat(bytes - 12) })],
  ['quotes', (bytes) => JSON.stringify({ notes: '"'.repeat((bytes - 12) / 2) })],
  ['control characters', (bytes) => JSON.stringify({ notes: '\u0001'.repeat((bytes - 12) / 6) })],
  ['halves', (bytes) => `{"notes":"${'\\ud800'.repeat((bytes - 12) / 6)}"}`],
  ['numbers', (bytes) => `[${'1e14,'.repeat(bytes / 5 - 2)}1]`],
  ['one field', (bytes) => `{${'"a":1,'.repeat(bytes / 6 - 2)}"a":1}`],
  ['names', (bytes) => `{${'"":{},'.repeat(bytes / 6 - 2)}"":[]}`],
  ['a list', (bytes) => `[${'0,'.repeat(bytes / 2 - 2)}10]`],
  ['lists', (bytes) => `[${'[],'.repeat(bytes / 3 - 2)}[]]`],
];

test.each(full)('32 KB of %s are a lead, and all of it is kept', async (_, bodyOf) => {
  const body = bodyOf(limit);
  expect(body.length).toBeLessThanOrEqual(limit);
  expect(body.length).toBeGreaterThan(limit - 20);
  const lead = await taken(body, json);
  const isKept = 'submission' in lead.raw_data || 'submission_deflated' in lead.raw_data;
  expect(isKept).toBe(true);
});

test('32 KB that no compression makes smaller are a lead, and its beginning is kept', async () => {
  let seed = 1;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(35 + (seed % 57));
  };
  const noise = Array.from({ length: limit - 800 }, next).join('');
  const lead = await taken(`{"n":"${noise}"${',"a":1'.repeat(130)}}`, json);
  expect(codesOf(lead)[0]).toBe('submission_cut');
  expect(lead.raw_data.submission_text.slice(6, 30_000)).toBe(noise.slice(0, 29_994));
  expect(lead.raw_data).toMatchObject({
    submission_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a form field with U+0000 in its name, and a value that is no UTF-8, is a lead', async () => {
  const lead = await taken('%00=%FF&first_name=Ada', form);
  expect(lead.first_name).toBe('Ada');
  expect(lead.raw_data.submission['\uFFFD']).toBe('ÿ');
  expect(codesOf(lead)).toEqual(['not_utf8', 'unstorable_character']);
});

test('what PostgreSQL prints with more blanks than fit is kept deflated', async () => {
  const lead = await taken(`[${'0,'.repeat(12_000)}0]`, json);
  expect(codesOf(lead)).toEqual(['submission_deflated']);
  const deflated = Buffer.from(lead.raw_data.submission_deflated, 'base64');
  expect(JSON.parse(inflateRawSync(deflated).toString())).toHaveLength(12_001);
});

test('notes give way where all other fields are full, too', async () => {
  const lead = await taken(JSON.stringify({ x: `a@${'字'.repeat(9000)}` }), json, 'worst');
  expect(lead.raw_data.submission.x).toHaveLength(9002);
  expect(lead.first_name).toHaveLength(200);
  expect(lead.notes.length).toBeLessThan(2000);
});

test.each(['x', '字', '😀', '\u0001', '"', 'É'])(
  'a lead whose every field is one text of 32 KB of %j fits',
  async (character) => {
    const units = Math.floor((limit - 20) / (Buffer.byteLength(JSON.stringify(character)) - 2));
    const lead = await taken(JSON.stringify({ x: `a@${character.repeat(units)}` }), json, 'worst');
    expect(lead.first_name.length).toBeGreaterThanOrEqual(100);
    expect(codesOf(lead)).toContain('cut');
  },
);

test.each(['a', 'xYzZY', '-'.repeat(28), "with'()+,./:=? of RFC 2046", 'x'.repeat(70)])(
  'a form is read whatever its boundary: %s',
  async (boundary) => {
    const field = (name: string, value: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${field('first_name', 'Ada')}${field('notes', 'a\r\nb')}--${boundary}--\r\n`;
    const lead = await taken(body, `multipart/form-data; boundary="${boundary}"`);
    expect(lead).toMatchObject({ first_name: 'Ada', notes: 'a\r\nb' });
  },
);
