import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyObject, anyText } from '../setup/any-input.ts';
import { batchesTo, type Result } from '../setup/batches.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let lead: string;
let skill: string;

beforeAll(async () => {
  api = await startTestMachine();
  lead = await api.take({ external_id: 'known' });
  skill = (await api.post('/v1/skills', { name: 'caller' })).body.id;
});
afterAll(() => api.close());

/** Mostly what fits, now and then anything. */
const mostly = (fits: fc.Arbitrary<unknown>, ...others: unknown[]) =>
  fc.oneof(
    { arbitrary: fits, weight: 40 },
    { arbitrary: fc.constantFrom(null, undefined, ...others), weight: 4 },
    { arbitrary: fc.constantFrom(7, true, {}, [], '', ' ', '\u00a0', '\t', '\ufeff'), weight: 1 },
  );
const text = (length: number) =>
  mostly(anyText(Math.min(length, 20)), 'İ'.repeat(length), '\uffff'.repeat(length));
const id = fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] });
const ids = mostly(
  id,
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
);
const moment = mostly(
  fc
    .date({ min: new Date('1900-01-02'), max: new Date('2026-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  ...['2024-02-29T23:59:59.9999999999Z', '2023-02-29T00:00:00Z', '2024-01-01T24:00:00Z'],
  ...['2016-12-31T23:59:60Z', '1900-01-01T00:00:00+15:59', '1900-01-01T00:00:00+14:00'],
  ...['2024-01-01T00:00:00-15:59', '2024-01-01T00:00:00+16:00', '2024-01-01T00:00Z'],
  ...[
    '2024-01-01t00:00:00z',
    '2024-01-01 00:00:00Z',
    '0001-01-01T00:00:00Z',
    '2199-12-31T00:00:00Z',
  ],
  ...['+275760-01-01T00:00:00Z', '2024-01-01T00:00:00,5Z', 'infinity', 'now', '-infinity'],
);
const amount = mostly(
  fc.oneof(
    fc.integer({ min: 0 }),
    fc.integer({ min: 0, max: 99_999_999 }).map((cents) => cents / 100),
  ),
  ...['0', '-0', -0, '00.10', '999999999999.99', 999_999_999_999, '1e3', 1e-7, '.5', '5.'],
  ...['NaN', 'Infinity', '-1', '1_000', '0x10', '１２', ' 1', '1\n', 1e21, 0.005, '1000000000000'],
);
const json = mostly(anyObject, { quality_score: 'A' }, { quality_score: 'E' });
const externalId = mostly(anyText(3), '😀'.repeat(100), '\uffff'.repeat(200), 'x'.repeat(201));

const leads = fc.record(
  {
    id: ids,
    source: mostly(anyText(12), 'İ'.repeat(100), 'K', '\u00a0x\u00a0', '\tX\t', ' x', 'X\ufeff'),
    external_id: externalId,
    created_at: moment,
    first_name: text(200),
    email: mostly(
      anyText(9).map((part) => `${part}@x.de`),
      'a@b',
      `a@${'İ'.repeat(318)}`,
    ),
    phone: mostly(
      anyText(20),
      '+49 30 901820',
      '(212) 555-2368',
      '+１２１２５５５２３６８',
      '12;ext=3',
    ),
    property_address: text(500),
    estimated_value: amount,
    mortgage_balance: amount,
    referrer_url: text(2000),
    is_test: fc.boolean(),
    raw_data: json,
    notes: text(30),
    quality_score: mostly(fc.constantFrom('A', 'B', 'C', 'D'), 'a', 'AA', 'Ａ'),
    qualification_reason: json,
    event_source: mostly(fc.constantFrom('agent', 'import', 'lead'), 'skill:caller', 'skill:', '%'),
  },
  { requiredKeys: ['id', 'source', 'quality_score'] },
);

const actors = fc.oneof(
  { arbitrary: fc.constantFrom({ event_source: 'agent' }, { event_source: 'lead' }), weight: 8 },
  {
    arbitrary: fc.constantFrom(
      { event_source: 'skill:caller' },
      { event_source: 'skill:caller', skill: 'caller' },
      { event_source: 'skill:caller', skill: 'caller', skill_id: 'SKILL' },
    ),
    weight: 8,
  },
  {
    arbitrary: fc.record({
      event_source: mostly(fc.constant('agent'), 'skill:', 'skill:Ä', 'skill:caller'),
      skill: fc.constantFrom('caller', 'no one', '', 'Caller', null),
      skill_id: fc.constantFrom('SKILL', null),
    }),
    weight: 1,
  },
);
const happened = fc.oneof(
  fc.record({ event_type: fc.constant('closed'), value: amount }),
  fc.record({
    event_type: mostly(fc.constantFrom('contacted', 'scored', 'closed', 'dead', 'assigned')),
  }),
);
const events = fc
  .tuple(
    fc.record(
      {
        id: ids,
        lead_id: fc.constantFrom('LEAD', undefined),
        created_at: moment,
        details: json,
        external_id: externalId,
      },
      { requiredKeys: ['id', 'lead_id'] },
    ),
    actors,
    happened,
  )
  .map(([event, actor, what]) => ({
    ...event,
    ...(event.lead_id === undefined && { lead_external_id: 'known' }),
    ...actor,
    ...what,
  }));

/** Text and JSON around each limit, in bytes that are not characters. */
const around = (bytes: number) =>
  fc
    .tuple(
      fc.integer({ min: -20, max: 20 }),
      fc.constantFrom('x', 'é', '😀', '\u0001', '"', '\n', '＝'),
      fc.constantFrom(0, 0, 0.25, 0.5, 1),
    )
    .map(([more, character, part]) => {
      const count = Math.floor((part * bytes) / Buffer.byteLength(character)) % 40_000;
      const odd = character.repeat(count);
      return odd + 'x'.repeat(Math.max(0, bytes + more - Buffer.byteLength(odd)));
    });
const objectAround = (bytes: number) =>
  fc.oneof(
    around(bytes - 9).map((value) => ({ a: value })),
    fc
      .tuple(fc.constantFrom(1e-300, 5e-324, 1.5e-7, 1, true), fc.integer({ min: -2, max: 2 }))
      .map(([value, more]) => {
        const each = { 1: 3, true: 6 }[String(value)] ?? (value === 1.5e-7 ? 12 : 304);
        return { a: new Array(Math.floor((bytes - 9) / each) + more).fill(value) };
      }),
  );
const largeLeads = fc.record(
  {
    source: fc.constant('x'),
    raw_data: objectAround(32 * 1024),
    notes: fc.oneof(around(8 * 1024), around(4 * 1024), around(2700)),
    quality_score: fc.constant('A'),
    qualification_reason: objectAround(8 * 1024 - 54),
    property_address: fc.constantFrom('\u0001'.repeat(500), null),
    referrer_url: fc.constantFrom('＝'.repeat(2000), '\u0001'.repeat(2000), null),
  },
  { requiredKeys: ['source', 'quality_score'] },
);
const largeEvents = fc.record({
  lead_external_id: fc.constant('known'),
  event_type: fc.constant('contacted'),
  event_source: fc.constant('agent'),
  details: objectAround(8 * 1024),
});

describe('what the edge lets pass, SQL stores', () => {
  test.each([
    ['leads', leads, 1000, 5],
    ['events', events, 1000, 5],
    ['leads', largeLeads, 25, 20],
    ['events', largeEvents, 150, 5],
  ] as const)('%s', async (kind, items, count, numRuns) => {
    const { send } = batchesTo(api);
    const path = `/v1/${kind}/batch?dry_run=true`;
    let stored = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(items as fc.Arbitrary<object>, { minLength: count, maxLength: count }),
        async (given) => {
          const named = given.map((item) =>
            JSON.parse(JSON.stringify(item).replace('SKILL', skill).replace('LEAD', lead)),
          );
          const results = await send(path, named);
          const bad = results.filter(
            // An id that came twice with two names: which of them is wrong depends on the other.
            (result) => result.status > 201 && !/id_is_another/.test(told([result])),
          );
          expect(bad.filter(({ status }) => status !== 422)).toEqual([]);
          stored += results.length - bad.length;
          refused += bad.length;
          if (bad.length === 0) return;
          // Alone, none of them has anything to ask the database.
          const calls = api.machine.dataApi.calls();
          const again = await send(
            path,
            bad.map(({ index }) => named[index]),
          );
          expect(again.map(said)).toEqual(bad.map(said));
          expect(api.machine.dataApi.calls(), told(bad)).toBe(calls);
        },
      ),
      { numRuns, endOnFailure: true },
    );
    // It says something only where much of both was seen.
    expect(Math.min(stored, refused) / (stored + refused)).toBeGreaterThan(0.1);
  });
});

function said({ status, problem }: Result) {
  return { status, problem };
}

/** Which ways of refusing are among them. */
function told(results: readonly Result[]): string {
  const sentences = results.map(({ problem }) => problem?.errors?.[0]?.code ?? problem?.detail);
  return [...new Set(sentences)].join(', ');
}
