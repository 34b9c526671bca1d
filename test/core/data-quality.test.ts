import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANN } from '../oracle/example-team.ts';
import { eventAt, factsOf, leadAt } from '../oracle/examples.ts';
import { DAY, HOUR } from '../oracle/local-time.ts';
import type { EventFact, EventType, Facts, LeadFact } from '../oracle/types.ts';
import { type Asked, later, rowsOf } from '../setup/asked-reports.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const noon = '2026-11-10T12:00:00Z';
const ask = (facts: Partial<Facts>, asked?: Asked) =>
  rowsOf(api, 'data-quality', factsOf({ agents: [ANN], ...facts }), asked);

/** How many leads a finding has, out of how many; undefined where it has no row. */
async function found(finding: string, facts: Partial<Facts>, asked?: Asked) {
  const row = (await ask(facts, asked)).find((each) => each.finding === finding);
  return row && [row.leads, row.total_leads];
}

test('what is looked for in every lead has its row where there is none', async () => {
  const rows = await ask({});
  expect(rows.map((row) => [row.finding, row.leads, row.percentage])).toEqual([
    ['events_before_creation', 0, null],
    ['closed_without_contact', 0, null],
    ['unscored', 0, null],
    ['unassigned', 0, null],
  ]);
});

describe('of two leads of noon, one', () => {
  const [one, other] = [leadAt(noon), leadAt(noon)];
  const leads = [one, other];
  const told = (type: EventType, after: bigint, given: Partial<EventFact> = {}) =>
    eventAt(one, later(noon, after), type, given);
  const voided = { voided: true };

  test.each([
    ['has an event a microsecond early', [told('responded', -1n)], 1],
    ['has two early events', [told('responded', -1n), told('assigned', -DAY)], 1],
    ['has an event at noon', [told('contacted', 0n)], 0],
    ['had an early event, which was taken back', [told('contacted', -1n, voided)], 0],
  ])('%s', async (_, events, leads_found) => {
    expect(await found('events_before_creation', { leads, events })).toEqual([leads_found, 2]);
  });

  const closed = told('closed', DAY);
  test.each([
    ['is closed without a contact', [closed], 1],
    ['is closed after a robot has answered', [told('contacted', HOUR), closed], 0],
    ['is closed, and the contact taken back', [told('contacted', HOUR, voided), closed], 1],
    ['is closed and then dead', [closed, told('dead', 2n * DAY)], 1],
    ['got an offer without a contact', [told('offer_made', DAY)], 0],
    ['was closed, and that taken back', [told('closed', DAY, voided)], 0],
  ])('%s', async (_, events, leads_found) => {
    expect(await found('closed_without_contact', { leads, events })).toEqual([leads_found, 2]);
  });

  test('was closed before it was contacted: a finding until then', async () => {
    const events = [closed, told('contacted', 2n * DAY)];
    const at = (as_of: string) => found('closed_without_contact', { leads, events }, { as_of });
    expect(await at(later(noon, DAY - 1n))).toEqual([0, 2]);
    expect(await at(later(noon, DAY))).toEqual([1, 2]);
    expect(await at(later(noon, 2n * DAY))).toEqual([0, 2]);
  });

  test('is scored, one is assigned; a test and a duplicate count for nothing', async () => {
    const left = [leadAt(noon, { is_test: true }), leadAt(noon, { duplicate_of: one.id })];
    const events = [
      told('scored', 0n, { quality_score: 'A' }),
      told('assigned', 0n, { agent_id: ANN.id }),
      ...left.map((lead) => eventAt(lead, later(noon, -1n), 'closed')),
    ];
    const rows = await ask({ leads: [...leads, ...left], events });
    expect(rows.map((row) => [row.leads, row.percentage])).toEqual([
      [0, 0],
      [0, 0],
      [1, 50],
      [1, 50],
    ]);
  });
});

describe('an agent who contacts every lead', () => {
  const ann = { agent_id: ANN.id };
  const leads = Array.from({ length: 20 }, () => leadAt(noon));
  const assigned = leads.map((lead) => eventAt(lead, noon, 'assigned', ann));
  const contacted = leads.map((lead) => eventAt(lead, later(noon, HOUR), 'contacted', ann));
  const last = leads.at(-1) as LeadFact;
  const told = (events: EventFact[], given: Partial<Facts> = {}, asked: Asked = {}) =>
    found('agent_contacts_every_lead', { leads, events, ...given }, asked);

  test('has at least 20 of them', async () => {
    const events = [...assigned, ...contacted];
    expect(await told(events)).toEqual([20, 20]);
    expect(await told(events.filter((event) => event.lead_id !== last.id))).toBeUndefined();
    const oneIsATest = leads.map((lead) => ({ ...lead, is_test: lead === last }));
    expect(await told(events, { leads: oneIsATest })).toBeUndefined();
  });

  test('leaves out none, and does it in person', async () => {
    const but = contacted.slice(0, -1);
    const robot = eventAt(last, later(noon, HOUR), 'contacted');
    const takenBack = eventAt(last, later(noon, HOUR), 'contacted', { ...ann, voided: true });
    expect(await told([...assigned, ...but])).toBeUndefined();
    expect(await told([...assigned, ...but, robot])).toBeUndefined();
    expect(await told([...assigned, ...but, takenBack])).toBeUndefined();
  });

  test('is one from the last contact on', async () => {
    const events = [...assigned, ...contacted];
    expect(await told(events, {}, { as_of: later(noon, HOUR - 1n) })).toBeUndefined();
    expect(await told(events, {}, { as_of: later(noon, HOUR) })).toEqual([20, 20]);
  });
});

describe('a source goes silent', () => {
  /** Leads of a source, the last at noon, each so long before the next. */
  const arriving = (count: number, gap: bigint) =>
    Array.from({ length: count }, (_, index) => leadAt(later(noon, -gap * BigInt(index))));
  const told = (leads: LeadFact[], silence: bigint, asked: Asked = {}) =>
    found('source_silent', { leads }, { as_of: later(noon, silence), ...asked });

  test('after 5 mean gaps, to the microsecond: 28 days of 5 leads in 28 days', async () => {
    const leads = arriving(5, DAY);
    expect(await told(leads, 28n * DAY)).toBeUndefined();
    expect(await told(leads, 28n * DAY + 1n)).toEqual([5, 5]);
    expect(await told(leads.slice(1), 60n * DAY)).toBeUndefined();
  });

  test('after 3 days at the soonest', async () => {
    const leads = arriving(100, HOUR);
    expect(await told(leads, 3n * DAY)).toBeUndefined();
    expect(await told(leads, 3n * DAY + 1n)).toEqual([100, 100]);
  });

  test('judged by its last 28 days, and by what counts', async () => {
    expect(await told(arriving(5, 7n * DAY), 60n * DAY)).toBeUndefined();
    expect(await told(arriving(5, 7n * DAY - 1n), 60n * DAY)).toEqual([2, 2]);
    const leads = arriving(5, DAY);
    const left = { test: { is_test: true }, duplicate: { duplicate_of: leads[0]?.id ?? null } };
    const tests = Object.values(left).map((given) => leadAt(later(noon, DAY), given));
    expect(await told([...leads, ...tests], 28n * DAY + 1n)).toEqual([5, 5]);
  });

  test('also before the window, whoever has its leads; and speaks again', async () => {
    const leads = arriving(5, DAY);
    const silent = { from: '2027-01-01', to: '2027-02-01' };
    const rows = await ask({ leads }, { ...silent, as_of: '2027-01-09T12:00:00Z' });
    expect(rows.at(-1)).toEqual({
      finding: 'source_silent',
      source: 'zillow',
      agent_id: null,
      agent_name: null,
      leads: 0,
      total_leads: 0,
      percentage: null,
      last_lead_at: '2026-11-10T12:00:00.000000Z',
      silent_days: 60,
      mean_gap_days: 5.6,
    });
    expect(await told(leads, 60n * DAY, { agent_id: ANN.id })).toEqual([0, 0]);
    expect(await told(leads, 60n * DAY, { source: 'facebook' })).toBeUndefined();
    const again = [...leads, leadAt(later(noon, 59n * DAY))];
    expect(await told(again, 59n * DAY - 1n)).toEqual([5, 5]);
    expect(await told(again, 60n * DAY)).toBeUndefined();
  });
});
