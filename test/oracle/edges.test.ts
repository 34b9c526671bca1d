import { expect, test } from 'vitest';
import { ANN, teamParameters } from './example-team.ts';
import { eventAt, factsOf, leadAt } from './examples.ts';
import { parseInstant } from './local-time.ts';
import { oracleReport } from './reports.ts';
import type { EventFact, Facts } from './types.ts';

const agents = [ANN];
const ann = { agent_id: ANN.id };
const first = (name: Parameters<typeof oracleReport>[0], facts: Facts, given = {}) =>
  oracleReport(name, facts, teamParameters(given)).rows[0];

test('within an hour is less than an hour', () => {
  const leads = [leadAt('2026-11-01T10:00:00Z'), leadAt('2026-11-01T10:00:00.000001Z')];
  const events = leads.map((lead) => eventAt(lead, '2026-11-01T11:00:00Z', 'contacted'));
  // 3,600 seconds to the microsecond is not within, one microsecond less is.
  const row = first('response-time', factsOf({ leads, events }));
  expect(row).toMatchObject({ responded_within_1hr: 1, pct_within_1hr: 50 });
});

test('a contact before creation took no time; a dead lead does not wait', () => {
  const early = leadAt('2026-11-01T10:00:00Z');
  const dead = leadAt('2026-11-01T10:00:00Z');
  const events = [
    eventAt(early, '2026-11-01T09:00:00Z', 'contacted'),
    eventAt(early, '2026-11-01T09:30:00Z', 'closed'),
    eventAt(dead, '2026-11-02T10:00:00Z', 'dead'),
  ];
  const facts = factsOf({ leads: [early, dead], events });
  expect(first('executive-summary', facts)).toMatchObject({
    avg_response_minutes: 0,
    waiting_leads: 0,
    contacted_leads: 1,
  });
  expect(first('trend', facts)).toMatchObject({ avg_days_to_convert: 0 });
  // Before it died the lead waited.
  const as_of = parseInstant('2026-11-02T09:59:59Z');
  expect(first('executive-summary', facts, { as_of })).toMatchObject({ waiting_leads: 1 });
});

test('the agent’s clock', () => {
  const lead = leadAt('2026-11-01T10:00:00Z');
  const minutes = (...events: EventFact[]) =>
    first('agent-performance', factsOf({ leads: [lead], events, agents }))?.avg_response_minutes;
  const assigned = eventAt(lead, '2026-11-01T11:00:00Z', 'assigned', ann);
  const called = (time: string, given: Partial<EventFact> = {}) =>
    eventAt(lead, `2026-11-${time}Z`, 'contacted', { ...ann, ...given });
  // From the assignment at 11:00, not the creation at 10:00.
  expect(minutes(assigned, called('01T11:20:00'))).toBe(20);
  // From the creation when the assignment came before it.
  const before = eventAt(lead, '2026-11-01T09:00:00Z', 'assigned', ann);
  expect(minutes(before, called('01T11:20:00'))).toBe(80);
  // The agent's earliest call, also one before the assignment: no time.
  expect(minutes(assigned, called('01T11:20:00'), called('01T10:30:00'))).toBe(0);
  expect(minutes(assigned, called('01T11:20:00', { voided: true }))).toBeNull();
  expect(minutes(assigned, called('25T11:20:00'))).toBeNull();
  expect(minutes(assigned, called('01T11:20:00', { agent_id: null }))).toBeNull();
});

test('twenty leads are enough', () => {
  const leads = Array.from({ length: 20 }, () => leadAt('2026-11-01T10:00:00Z'));
  const events = leads.map((lead) => eventAt(lead, '2026-11-01T10:00:00Z', 'assigned', ann));
  const low = (count: number) =>
    first('agent-performance', factsOf({ leads: leads.slice(0, count), events, agents }))?.low_data;
  expect([low(19), low(20)]).toEqual([true, false]);
});

test('ties are by the bytes of the text', () => {
  const sources = ['é', 'openhouse', 'open-house', 'z', 'open house'];
  const leads = sources.map((source) => leadAt('2026-11-01T10:00:00Z', { source }));
  const { rows } = oracleReport('lead-source-performance', factsOf({ leads }), teamParameters());
  const expected = ['open house', 'open-house', 'openhouse', 'z', 'é'];
  expect(rows.map((row) => row.source)).toEqual(expected);
});

test('revenue is ordered as money, not as text', () => {
  const values: [string, bigint][] = [
    ['nine', 90_000n],
    ['ten', 1_000_000n],
    ['none', 0n],
  ];
  const leads = values.map(([source]) => leadAt('2026-11-01T10:00:00Z', { source }));
  const events = leads.map((lead, index) =>
    eventAt(lead, '2026-11-02T10:00:00Z', 'closed', { value: values[index]?.[1] ?? null }),
  );
  const facts = factsOf({ leads, events });
  const { rows } = oracleReport('lead-source-performance', facts, teamParameters());
  expect(rows.map((row) => [row.source, row.total_revenue])).toEqual([
    ['ten', '10000.00'],
    ['nine', '900.00'],
    ['none', '0.00'],
  ]);
});
