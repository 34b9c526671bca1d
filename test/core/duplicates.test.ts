import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANN } from '../oracle/example-team.ts';
import { eventAt, factsOf, leadAt } from '../oracle/examples.ts';
import { DAY, SECOND } from '../oracle/local-time.ts';
import type { Facts, LeadFact } from '../oracle/types.ts';
import { type Asked, later, rowsOf } from '../setup/asked-reports.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const noon = '2026-11-01T12:00:00Z';
const phone_normalised = '+14155550132';
const email_normalised = 'ada@example.com';

/** A lead so long after noon of the first, with a number that others have too. */
const called = (after: bigint, given: Partial<LeadFact> = {}) =>
  leadAt(later(noon, after), { phone_normalised, ...given });

/** What is suggested: each lead with its original, by their places in the list. */
async function suggested(leads: LeadFact[], asked?: Asked, given: Partial<Facts> = {}) {
  const rows = await rowsOf(api, 'duplicates', factsOf({ leads, ...given }), asked);
  const place = (id: unknown) => leads.findIndex((lead) => lead.id === id);
  return rows.map((row) => [place(row.lead_id), place(row.original_id)]);
}

describe('a lead is suggested', () => {
  test('up to 30 times 24 hours after another, to the microsecond', async () => {
    expect(await suggested([called(0n), called(29n * DAY)])).toEqual([[1, 0]]);
    expect(await suggested([called(-10n * DAY), called(20n * DAY)])).toEqual([[1, 0]]);
    expect(await suggested([called(-10n * DAY), called(20n * DAY + 1n)])).toEqual([]);
  });

  test('of two at one moment the one with the higher id', async () => {
    const [low, high] = [called(0n), called(0n)];
    expect(low.id < high.id).toBe(true);
    expect(await suggested([low, high])).toEqual([[1, 0]]);
    expect(await suggested([high, low])).toEqual([[0, 1]]);
  });

  test('by e-mail, by phone, or by both; never by having none', async () => {
    const leads = [
      called(0n, { email_normalised, first_name: 'Ada', last_name: 'Lee' }),
      called(DAY),
      called(2n * DAY, { email_normalised, phone_normalised: null, first_name: 'A.' }),
      called(3n * DAY, { email_normalised }),
      called(4n * DAY, { phone_normalised: null }),
      called(5n * DAY, { phone_normalised: null }),
    ];
    const events = [eventAt(leads[1] as LeadFact, noon, 'assigned', { agent_id: ANN.id })];
    const facts = factsOf({ leads, events, agents: [ANN] });
    const rows = await rowsOf(api, 'duplicates', facts);
    expect(rows.map((row) => row.matched_by)).toEqual(['phone', 'email', 'email,phone']);
    expect(rows[0]).toEqual({
      lead_id: leads[1]?.id,
      created_at: '2026-11-02T12:00:00.000000Z',
      name: null,
      source: 'zillow',
      agent_id: ANN.id,
      agent_name: 'Ann Ace',
      original_id: leads[0]?.id,
      original_created_at: '2026-11-01T12:00:00.000000Z',
      original_name: 'Ada Lee',
      original_source: 'zillow',
      matched_by: 'phone',
      matched_lead_id: leads[0]?.id,
      days_between: 1,
      has_duplicates: false,
    });
    expect(rows[1]).toMatchObject({ name: 'A.', original_name: 'Ada Lee', days_between: 2 });
  });

  test('as the earliest of those it shares something with', async () => {
    const phone = called(0n);
    const email = leadAt(later(noon, DAY), { email_normalised });
    const both = called(2n * DAY, { email_normalised });
    expect(await suggested([phone, email, both])).toEqual([[2, 0]]);
    const sooner = { ...email, created_at: phone.created_at - 1n };
    expect(await suggested([phone, sooner, both])).toEqual([[2, 1]]);
  });

  test('neither a test nor one that is a duplicate already, nor for a test', async () => {
    const first = called(0n);
    const marked = called(DAY, { duplicate_of: first.id });
    expect(await suggested([first, marked, called(2n * DAY, { is_test: true })])).toEqual([]);
    expect(await suggested([called(0n, { is_test: true }), called(DAY)])).toEqual([]);
  });

  test('of the window and the filters, for an original of anywhere; as of a moment', async () => {
    const leads = [
      called(-5n * DAY, { source: 'facebook' }),
      called(0n, { source: 'facebook' }),
      called(DAY),
      called(2n * DAY + SECOND),
    ];
    expect(await suggested(leads)).toEqual([1, 2, 3].map((place) => [place, 0]));
    expect(await suggested(leads, { source: 'Zillow' })).toEqual([
      [2, 0],
      [3, 0],
    ]);
    expect(await suggested(leads, { agent_id: ANN.id })).toEqual([]);
    expect(await suggested(leads, { as_of: later(noon, 2n * DAY) })).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(await suggested(leads, { from: '2026-11-02', to: '2026-11-03' })).toEqual([[2, 0]]);
  });
});

describe('in a chain', () => {
  const chain = [called(0n), called(20n * DAY), called(40n * DAY)];
  const winter = { from: '2026-11-01', to: '2027-01-01', as_of: '2027-01-01T00:00:00Z' };
  const asked = new URLSearchParams(winter);

  test('all are of the first, though only the next are within 30 days', async () => {
    expect(await suggested(chain, winter)).toEqual([
      [1, 0],
      [2, 0],
    ]);
    const rows = await rowsOf(api, 'duplicates', factsOf({ leads: chain }), winter);
    expect(rows[1]).toMatchObject({ matched_lead_id: chain[1]?.id, days_between: 20 });
  });

  test('a link may be an e-mail and the next a phone', async () => {
    const [first, second, third] = chain.map((lead) => ({ ...lead, email_normalised }));
    const leads = [
      { ...first, phone_normalised: null },
      second,
      { ...third, email_normalised: 'other@example.com' },
    ] as LeadFact[];
    expect(await suggested(leads, winter)).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  test('a duplicate stands for its original, where that counts and came earlier', async () => {
    const [first, second, third] = chain as [LeadFact, LeadFact, LeadFact];
    const linked = (original: LeadFact) => ({ ...second, duplicate_of: original.id });
    expect(await suggested([first, linked(first), third], winter)).toEqual([[2, 0]]);
    const unlike = leadAt(noon);
    expect(await suggested([first, linked(unlike), third, unlike], winter)).toEqual([[2, 3]]);
    const test = leadAt(noon, { is_test: true });
    const late = leadAt(later(noon, 50n * DAY));
    const twice = leadAt(noon, { duplicate_of: first.id });
    for (const other of [test, late, twice]) {
      expect(await suggested([first, linked(other), third, other], winter)).toEqual([]);
    }
  });

  test.each([
    ['oldest first', [0, 1, 2]],
    ['newest first', [2, 1, 0]],
    ['from the middle', [1, 2, 0]],
  ])('suggestions are confirmed %s, and each goes alone', async (_, order) => {
    await suggested([...chain, called(55n * DAY)], winter);
    const list = () => api.get(`/v1/reports/duplicates?${asked}`);
    const { rows } = (await list()).body;
    let left = rows;
    expect(rows).toHaveLength(3);
    for (const place of order) {
      const { lead_id, original_id } = rows[place];
      const answer = await api.patch(`/v1/leads/${lead_id}`, { duplicate_of: original_id });
      expect(answer.status, answer.text).toBe(200);
      left = left.filter((row: { lead_id: string }) => row.lead_id !== lead_id);
      expect((await list()).body.rows).toEqual(left);
    }
    expect(left).toEqual([]);
  });

  test('one that is an original says so: first its duplicates go on to the other', async () => {
    const [first, second] = chain as [LeadFact, LeadFact];
    const marked = called(21n * DAY, { duplicate_of: second.id });
    const [row] = await rowsOf(api, 'duplicates', factsOf({ leads: [first, second, marked] }));
    expect(row).toMatchObject({ lead_id: second.id, has_duplicates: true });
    const confirm = (id: string) => api.patch(`/v1/leads/${id}`, { duplicate_of: first.id });
    expect((await confirm(second.id)).status).toBe(422);
    expect((await confirm(marked.id)).status).toBe(200);
    expect((await confirm(second.id)).status).toBe(200);
    const { body } = await api.get(`/v1/reports/duplicates?${asked}`);
    expect([body.rows, body.excluded]).toEqual([[], { test: 0, duplicate: 2 }]);
  });
});

test('the number of an office is a suggestion for each who came after the first', async () => {
  const leads = Array.from({ length: 300 }, (_, index) => called(BigInt(index >> 1) * SECOND));
  expect(await suggested(leads)).toEqual(leads.slice(1).map((_, index) => [index + 1, 0]));
});

test('however a person writes the number and the address', async () => {
  await suggested([]);
  const first = await api.take({ phone: '(415) 555-0132', email: 'Ada@Example.com' });
  const second = await api.take({ phone: '+1 415 555 0132', email: 'ada@example.com ' });
  const { body } = await api.get('/v1/reports/duplicates');
  expect(body.rows).toMatchObject([
    { lead_id: second, original_id: first, matched_by: 'email,phone' },
  ]);
  const { text } = await api.get('/v1/reports/duplicates?format=csv');
  expect(text.split('\r\n')[1]).toContain(`${second},${body.rows[0].created_at},`);
});

test('of more than a thousand the oldest thousand are told', async () => {
  await api.sql(`truncate leads cascade`);
  await api.sql(
    `insert into leads (source, phone_normalised, created_at)
     select 'import', '+14155550132', now() - n * interval '1 second'
     from generate_series(1, 1002) as n`,
  );
  const { body } = await api.get('/v1/reports/duplicates');
  expect([body.truncated, body.rows.length]).toEqual([true, 1000]);
  const times = body.rows.map((row: { created_at: string }) => row.created_at);
  expect(times).toEqual(times.toSorted());
  expect(times[0] > body.rows[0].original_created_at).toBe(true);
});
