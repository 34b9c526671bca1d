import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

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

const unknown = '00000000-0000-4000-8000-000000000000';

describe('leads that break a rule', () => {
  const cases: [string, object, string][] = [
    ['no source', {}, '/source'],
    ['a source that is a number', { source: 7 }, '/source'],
    ['an unknown field', { source: 'x', colour: 'red' }, '/colour'],
    ['__proto__', JSON.parse('{"source":"x","__proto__":{"a":1}}'), '/__proto__'],
    ['a derived column', { source: 'x', converted: true }, '/converted'],
    ['a negative amount', { source: 'x', estimated_value: -1 }, '/estimated_value'],
    ['three decimals', { source: 'x', estimated_value: '10.005' }, '/estimated_value'],
    ['NaN', { source: 'x', mortgage_balance: 'NaN' }, '/mortgage_balance'],
    [
      'an amount of 13 digits',
      { source: 'x', mortgage_balance: '1000000000000' },
      '/mortgage_balance',
    ],
    ['a score E', { source: 'x', quality_score: 'E' }, '/quality_score'],
    [
      'a time without its offset',
      { source: 'x', created_at: '2026-03-01T10:00:00' },
      '/created_at',
    ],
    ['the 30th of February', { source: 'x', created_at: '2026-02-30T10:00:00Z' }, '/created_at'],
    ['the year 275760', { source: 'x', created_at: '+275760-01-01T00:00:00Z' }, '/created_at'],
    ['a lead of tomorrow', { source: 'x', created_at: soon(86_400) }, '/created_at'],
    [
      '__proto__ inside',
      JSON.parse('{"source":"x","raw_data":{"__proto__":1}}'),
      '/raw_data/__proto__',
    ],
    [
      'an offset of no zone',
      { source: 'x', created_at: '2026-03-01T10:00:00+23:59' },
      '/created_at',
    ],
    ['a skill that takes in leads', { source: 'x', event_source: 'skill:a' }, '/event_source'],
    ['an unknown agent', { source: 'x', agent_id: unknown }, '/agent_id'],
    ['an unknown agent outside', { source: 'x', agent_external_id: 'who' }, '/agent_external_id'],
    [
      'two names for the agent',
      { source: 'x', agent_id: unknown, agent_external_id: 'w' },
      '/agent_external_id',
    ],
    ['a duplicate of nothing', { source: 'x', duplicate_of: unknown }, '/duplicate_of'],
    [
      'a reason without a score',
      { source: 'x', qualification_reason: { a: 1 } },
      '/qualification_reason',
    ],
    [
      'a reason beyond 8 KB',
      { source: 'x', quality_score: 'A', qualification_reason: { a: 'x'.repeat(8_200) } },
      '/qualification_reason',
    ],
    ['raw_data beyond 32 KB', { source: 'x', raw_data: { a: 'x'.repeat(33_000) } }, '/raw_data'],
    ['notes beyond 8 KB', { source: 'x', notes: 'é'.repeat(4_100) }, '/notes'],
    ['a name of 201 characters', { source: 'x', first_name: 'x'.repeat(201) }, '/first_name'],
  ];
  test.each(cases)('%s', async (_name, body, pointer) => {
    const answer = await api.post('/v1/leads', body);
    expect(answer.status, answer.text).toBe(422);
    expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(
      pointer,
    );
    expect(answer.body.errors[0].detail).toMatch(/^[A-Z"].*\.$/);
  });

  test('each is told in words that fit', async () => {
    const told = async (body: object) => (await api.post('/v1/leads', body)).body.errors[0].detail;
    expect(await told({})).toBe('"source" is missing.');
    expect(await told({ source: 7 })).toBe('"source" must be text.');
    expect(await told({ source: 'x', is_test: null })).toBe('"is_test" must be true or false.');
    expect(await told({ source: 'x', colour: 1 })).toBe('"colour" is not known here.');
    expect(await told({ source: 'x', quality_score: 'E' })).toBe(
      '"quality_score" must be one of "A", "B", "C", "D".',
    );
  });

  test('one that outgrows 52 KB as a whole', async () => {
    const raw_data = { a: 'x'.repeat(30_000) };
    const notes = '\u0001'.repeat(8_000);
    const answer = await api.post('/v1/leads', { source: 'x', raw_data, notes });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].code).toBe('leads_size');
  });
});

describe('events that break a rule', () => {
  test('are told of the types there are, and what of the one that intake writes', async () => {
    const told = async (event_type?: string) => {
      const body = { event_type, event_source: 'agent' };
      const { status, body: answer } = await api.post(`/v1/leads/${lead}/events`, body);
      expect(status).toBe(422);
      return answer.errors[0].detail;
    };
    const types =
      '"assigned", "scored", "contacted", "responded", "qualified", "appointment_scheduled", ' +
      '"offer_made", "closed", "dead"';
    expect(await told('hugged')).toBe(`"event_type" must be one of ${types}.`);
    expect(await told()).toBe(`"event_type" must be one of ${types}.`);
    expect(await told('created')).toBe('"event_type" is written by intake itself.');
  });

  const contacted = { event_type: 'contacted', event_source: 'agent' };
  const cases: [string, object, string][] = [
    ['an unknown type', { ...contacted, event_type: 'hugged' }, '/event_type'],
    ['a created event', { ...contacted, event_type: 'created' }, '/event_type'],
    ['an unknown actor', { ...contacted, event_source: 'robot' }, '/event_source'],
    [
      'a skill that is not registered',
      { ...contacted, event_source: 'skill:none' },
      '/event_source',
    ],
    ['a skill that did not act', { ...contacted, skill: 'none' }, '/event_source'],
    ['an unknown agent', { ...contacted, agent_id: unknown }, '/agent_id'],
    ['a value on a call', { ...contacted, value: 5 }, '/value'],
    [
      'a value of three decimals',
      { event_type: 'closed', event_source: 'agent', value: 0.125 },
      '/value',
    ],
    [
      'a score without its letter',
      { event_type: 'scored', event_source: 'agent' },
      '/details/quality_score',
    ],
    ['details beyond 8 KB', { ...contacted, details: { a: 'x'.repeat(9_000) } }, '/details'],
    ['an event of tomorrow', { ...contacted, created_at: soon(86_400) }, '/created_at'],
  ];
  test.each(cases)('%s', async (_name, body, pointer) => {
    const answer = await api.post(`/v1/leads/${lead}/events`, body);
    expect(answer.status, answer.text).toBe(422);
    expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(
      pointer,
    );
  });

  test('an event of a lead nobody knows is 404', async () => {
    const answer = await api.post(`/v1/leads/${unknown}/events`, contacted);
    expect(answer.status).toBe(404);
  });
});

describe('corrections that break a rule', () => {
  const cases: [string, object, string][] = [
    ['nothing', {}, ''],
    ['the source', { source: 'other' }, '/source'],
    ['the external id', { external_id: 'other' }, '/external_id'],
    ['an impossible stage', { stage: 'married' }, '/stage'],
    ['a value without closing', { value: '5' }, '/value'],
    ['itself as its original', { duplicate_of: 'SELF' }, '/duplicate_of'],
    ['an unknown skill', { quality_score: 'A', skill_id: unknown }, '/skill_id'],
  ];
  test.each(cases)('%s', async (_name, body, pointer) => {
    const change = JSON.parse(JSON.stringify(body).replace('SELF', lead));
    const answer = await api.patch(`/v1/leads/${lead}`, change);
    expect(answer.status, answer.text).toBe(422);
    expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(
      pointer,
    );
  });
});

function soon(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
