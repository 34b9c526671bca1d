import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Route, routeKey, routes } from '../../core/catalogue/routes.ts';
import { badQueries, oddQueries, unknownPaths } from '../corpus/addresses.ts';
import { bodies, contentTypes } from '../corpus/bodies.ts';
import { startTestMachine } from '../setup/machine.ts';
import { type RawRequest, sendRaw } from '../setup/raw-request.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let stored: string;

beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());
beforeEach(async () => {
  stored = await everything();
  api.machine.dataApi.resetCalls();
});

/** How many rows there are of what requests write. */
async function everything(): Promise<string> {
  const [row] = await api.sql(
    `select
       (select count(*) from leads) as leads,
       (select count(*) from lead_events) as events,
       (select count(*) from agent_profiles) as agents,
       (select count(*) from lead_skills) as skills,
       (select count(*) from source_spend) as spend,
       (select count(*) from corrections) as changes`,
  );
  return JSON.stringify(row);
}

const json = ['content-type', 'application/json'];
const post = (body: string | Uint8Array, headers: readonly string[] = json): RawRequest => ({
  method: 'POST',
  path: '/v1/leads',
  body,
  headers,
});

/** What a refusal costs: no call, no row, and an answer that is no larger than a page of text. */
async function refuses(request: RawRequest, status: number): Promise<void> {
  const answer = await sendRaw(api, request);
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.text.length).toBeLessThan(6_000);
  expect(api.machine.dataApi.calls()).toBe(0);
  expect(await everything()).toBe(stored);
}

async function takes(request: RawRequest, status: number): Promise<void> {
  const answer = await sendRaw(api, request);
  expect(answer.status, answer.text).toBe(status);
  expect(api.machine.dataApi.calls()).toBe(1);
}

describe('a lead whose body is', () => {
  test.each(bodies)('%s: %i', async (_name, status, body) => {
    await (status === 201 ? takes : refuses)(post(body), status);
  });
});

describe('a lead of the content type', () => {
  test.each(contentTypes)('%s: %i', async (type, status) => {
    const request = post('{"source":"x"}', type === undefined ? [] : ['content-type', type]);
    await (status === 201 ? takes : refuses)(request, status);
  });

  test('that is given twice is refused', async () => {
    await refuses(post('{"source":"x"}', [...json, 'Content-Type', 'text/plain']), 415);
  });
});

describe('headers that change nothing', () => {
  test.each([
    ['another method', 'x-http-method-override', 'DELETE'],
    ['another language', 'accept', 'text/html;q=0.1, */*;q=NaN'],
    ['an encoding', 'content-encoding', 'identity'],
    ['8-bit bytes', 'x-name', 'J\u00fcrgen'],
    ['4 KB', 'x-long', 'x'.repeat(4_000)],
    ['chunks', 'transfer-encoding', 'chunked'],
  ])('%s', async (_name, header, value) => {
    await takes(post('{"source":"x"}', [...json, header, value]), 201);
  });
});

describe('an address', () => {
  test.each(unknownPaths.map((request) => [request.path.slice(0, 60), request] as const))(
    '%s is 404',
    async (_path, request) => refuses(request, 404),
  );

  test.each(badQueries.map((request) => [request.path.slice(0, 60), request] as const))(
    '%s is 400',
    async (_path, request) => refuses(request, 400),
  );

  test.each(oddQueries.map((request) => [request.path.slice(0, 60), request] as const))(
    '%s is answered',
    async (_path, request) => takes(request, 200),
  );
});

test('a batch of 1,000 items that are all wrong in all their names is still answered', async () => {
  // The most that comes back for what is sent: a tilde is two characters in a pointer.
  const item = (n: number) =>
    `{${Array.from({ length: 20 }, (_, key) => `"${'~'.repeat(92)}${key}-${n}":1`)}}`;
  const body = `{"items":[${Array.from({ length: 1_000 }, (_, n) => item(n % 10))}]}`;
  expect(body.length).toBeGreaterThan(2_000_000);
  const answer = await sendRaw(api, { ...post(body), path: '/v1/leads/batch' });
  expect(answer.status).toBe(200);
  expect(answer.body.results).toHaveLength(1_000);
  expect(answer.text.length).toBeLessThan(6_000_000);
  expect(api.machine.dataApi.calls()).toBe(0);
});

const writing: [string, Route][] = routes
  .filter(({ method }) => method !== 'GET')
  .map((route) => [routeKey(route), route]);

/** Anything, from noise to what is nearly right. */
function anyBody(): fc.Arbitrary<Uint8Array | string> {
  const names = fc.constantFrom('items', 'source', 'name', 'first_name', 'amount', 'event_type');
  const objects = fc.dictionary(fc.oneof(names, fc.string()), fc.jsonValue(), { maxKeys: 5 });
  const text = fc.oneof(
    fc.json({ stringUnit: 'binary' }),
    objects.map((value) => JSON.stringify(value)),
    objects.map((value) => JSON.stringify({ items: [value] })),
  );
  const broken = fc.tuple(text, fc.nat(), fc.nat({ max: 255 })).map(([whole, place, byte]) => {
    const all = Buffer.from(whole);
    all[place % all.length] = byte;
    return all;
  });
  return fc.oneof(fc.uint8Array({ maxLength: 200 }), text, broken);
}

describe('whatever bytes come to', () => {
  test.each(writing)('%s are never our fault, and leave nothing behind', async (_key, route) => {
    const path = route.path.replace('{id}', '00000000-0000-4000-8000-000000000000');
    await fc.assert(
      fc.asyncProperty(anyBody(), async (body) => {
        const before = await everything();
        api.machine.dataApi.resetCalls();
        const { status, text } = await sendRaw(api, {
          method: route.method,
          path,
          body,
          headers: json,
        });
        expect(status, text).toBeLessThan(500);
        if (status < 300) return;
        expect(await everything()).toBe(before);
        // A body that is right may be about what is not there: only the database knows.
        expect(api.machine.dataApi.calls()).toBeLessThanOrEqual(status === 404 ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  });
});
