import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';
import { openapi, violations } from '../setup/openapi.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let lead: string;
let before: unknown;

beforeAll(async () => {
  api = await startTestMachine();
  lead = (await api.post('/v1/leads', { source: 'zillow' })).body.id;
  before = await stored();
});
afterAll(() => api.close());
afterEach(async () => expect(await stored()).toEqual(before));

async function stored() {
  return api.sql('select (select count(*) from leads), (select count(*) from lead_events)');
}

const forged = Buffer.from(`2026-99-99T99:99Z ${'-'.repeat(36)}`).toString('base64url');
const json = { 'content-type': 'application/json' };

describe('bodies that are no JSON, or JSON nobody can store', () => {
  test.each([
    ['nothing', undefined, json, 400],
    ['half an object', '{"source": "x"', json, 400],
    ['100,000 opening brackets', '['.repeat(100_000), json, 400],
    ['100,000 nested lists', '['.repeat(100_000) + ']'.repeat(100_000), json, 400],
    ['33 levels in raw_data', `{"source":"x","raw_data":${nested(33)}}`, json, 400],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), json, 400],
    ['another content type', '{"source": "x"}', { 'content-type': 'text/plain' }, 415],
    ['a form', 'source=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['300 KB', `{"source": "${'x'.repeat(300 * 1024)}"}`, json, 413],
    ['a field twice', '{"source":"x","source":"y"}', json, 400],
    ['a field twice, written in two ways', '{"source":"x","s\\u006furce":"y"}', json, 400],
    ['a field twice, deep in raw_data', '{"source":"x","raw_data":[{"a":1, "a" :2}]}', json, 400],
    ['a list', '[]', json, 422],
    ['text', '"x"', json, 422],
    ['null', 'null', json, 422],
  ])('%s', async (_name, body, headers, status) => {
    const answer = await api.send('POST', '/v1/leads', { headers, body: body as string });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body.detail).toMatch(/\.$/);
  });

  test.each([
    ['\\u0000 in a text', '{"source":"x","notes":"a\\u0000b"}', '/notes'],
    [
      '\\u0000 deep in raw_data',
      '{"source":"x","raw_data":{"a":[{"b":"\\u0000"}]}}',
      '/raw_data/a/0/b',
    ],
    ['\\u0000 in a key', '{"source":"x","raw_data":{"a\\u0000":1}}', '/raw_data'],
    ['half of a surrogate pair', '{"source":"x","first_name":"\\ud83d"}', '/first_name'],
    [
      'a 64-bit id as a number',
      '{"source":"x","raw_data":{"id":12345678901234567890}}',
      '/raw_data/id',
    ],
    ['a number beyond all', '{"source":"x","raw_data":{"n":1e400}}', '/raw_data/n'],
  ])('%s is told with its place', async (_name, body, pointer) => {
    const answer = await api.send('POST', '/v1/leads', { headers: json, body });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

describe('parameters that break a rule', () => {
  test.each([
    ['/v1/reports/executive-summary?from=2026-03-02&to=2026-03-01', '/query/to'],
    ['/v1/reports/executive-summary?from=2026-03-01&to=2026-03-01', '/query/to'],
    ['/v1/reports/executive-summary?from=2020-01-01&to=2026-01-01', '/query/to'],
    ['/v1/reports/executive-summary?from=2020-01-01', '/query/to'],
    ['/v1/reports/executive-summary?from=yesterday', '/query/from'],
    ['/v1/reports/executive-summary?as_of=2026-03-01', '/query/as_of'],
    ['/v1/reports/executive-summary?form=csv', '/query/form'],
    ['/v1/reports/executive-summary?source=a&source=b', '/query/source'],
    ['/v1/reports/response-time?by=moon', '/query/by'],
    ['/v1/reports/trend?bucket=hour', '/query/bucket'],
    ['/v1/reports/executive-summary?agent_id=12', '/query/agent_id'],
    ['/v1/leads?limit=0', '/query/limit'],
    ['/v1/leads?limit=201', '/query/limit'],
    ['/v1/leads?cursor=nonsense', '/query/cursor'],
    [`/v1/leads?cursor=${forged}`, '/query/cursor'],
    ['/v1/leads?waiting=perhaps', '/query/waiting'],
    ['/v1/workspace?a=1', '/query/a'],
    ['/v1/leads?q=%00', ''],
  ])('%s', async (path, pointer) => {
    const answer = await api.get(path);
    expect(answer.status, answer.text).toBe(400);
    const pointers = (answer.body.errors ?? [{ pointer: '' }]).map(
      (fault: { pointer: string }) => fault.pointer,
    );
    expect(pointers).toContain(pointer);
  });

  test('what does not exist is 404, a wrong method 405 with what is allowed', async () => {
    expect((await api.get('/v1/reports/horoscope')).status).toBe(404);
    expect((await api.get('/v2/leads')).status).toBe(404);
    const wrong = await api.send('DELETE', `/v1/leads/${lead}`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PATCH']);
  });
});

describe('whatever is sent', () => {
  test('no JSON makes the intake answer with a 5xx', async () => {
    const keys = fc.constantFrom('source', 'email', 'created_at', 'raw_data', 'agent_id', 'notes');
    const values = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.double(), fc.date());
    const bodies = fc.dictionary(keys, values, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const answer = await api.post('/v1/leads', { ...body, is_test: 'no' });
        expect(answer.status, answer.text).toBe(422);
      }),
      { numRuns: 200 },
    );
  });

  test('no query makes a report answer with a 5xx', async () => {
    const names = fc.constantFrom('from', 'to', 'source', 'as_of', 'by', 'q', 'utm_campaign');
    const values = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('2026-01-01', "'", '9999-12-31', '0001-01-01', '%', '2026-02-30'),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, values, { maxKeys: 3 }), async (query) => {
        const search = new URLSearchParams(query);
        const answer = await api.get(`/v1/reports/response-time?${search}`);
        expect(answer.status, answer.text).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });
});

test('an answer that is not as described is found out', () => {
  const answer = { status: 200, type: 'application/json', body: { timezone: 'UTC', currency: 1 } };
  expect(violations({ method: 'GET', path: '/v1/workspace' }, answer)).not.toEqual([]);
  expect(Object.keys(openapi.paths).length).toBeGreaterThan(15);
});

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}
