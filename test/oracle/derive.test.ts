import { expect, test } from 'vitest';
import { deriveLead, intervalsOf, stateAsOf } from './derive.ts';
import { eventAt, leadAt } from './examples.ts';
import { HOUR, MINUTE, parseInstant } from './local-time.ts';

const ANN = 'aaaaaaaa-0000-4000-8000-000000000001';
const BOB = 'bbbbbbbb-0000-4000-8000-000000000002';
const lead = leadAt('2026-11-01T10:00:00Z');
const at = (time: string) => `2026-11-01T${time}Z`;
const instant = (time: string) => parseInstant(at(time));

test('intervals follow time, rank and id, whatever the order of arrival', () => {
  const late = eventAt(lead, at('12:00:00'), 'qualified');
  const early = eventAt(lead, at('09:00:00'), 'contacted');
  const voided = eventAt(lead, at('11:00:00'), 'contacted', { voided: true });
  const created = eventAt(lead, at('10:00:00'), 'created');
  const assigned = eventAt(lead, at('10:00:00'), 'assigned');
  // 09:00 contacted, 10:00 created, 10:00 assigned, 12:00 qualified; the voided is skipped.
  expect(intervalsOf(lead, [late, voided, assigned, early, created])).toEqual([
    { id: early.id, time_since_previous_event: null, time_since_lead_created: -HOUR },
    { id: created.id, time_since_previous_event: HOUR, time_since_lead_created: 0n },
    { id: assigned.id, time_since_previous_event: 0n, time_since_lead_created: 0n },
    { id: late.id, time_since_previous_event: 2n * HOUR, time_since_lead_created: 2n * HOUR },
    { id: voided.id, time_since_previous_event: null, time_since_lead_created: null },
  ]);
});

test('milestones are the earliest, human contact is by source agent', () => {
  const state = deriveLead(lead, [
    eventAt(lead, at('13:00:00'), 'contacted', { agent_id: BOB }),
    eventAt(lead, at('12:00:00'), 'contacted', { event_source: 'skill:caller' }),
    eventAt(lead, at('11:00:00'), 'contacted', { voided: true, agent_id: BOB }),
    eventAt(lead, at('12:30:00'), 'responded', { event_source: 'lead' }),
  ]);
  expect(state.first_contacted_at).toBe(instant('12:00:00'));
  expect(state.first_human_contact_at).toBe(instant('13:00:00'));
  expect(state.first_responded_at).toBe(instant('12:30:00'));
  expect(state.current_stage).toBe('contacted');
});

test('an assignment without an agent unassigns', () => {
  const events = [
    eventAt(lead, at('10:05:00'), 'assigned'),
    eventAt(lead, at('10:10:00'), 'assigned', { agent_id: ANN }),
    eventAt(lead, at('10:20:00'), 'assigned', { agent_id: BOB }),
  ];
  expect(deriveLead(lead, events)).toMatchObject({
    first_assigned_at: instant('10:10:00'),
    assigned_agent_id: BOB,
    assigned_at: instant('10:20:00'),
  });
  events.push(eventAt(lead, at('10:30:00'), 'assigned'));
  expect(deriveLead(lead, events)).toMatchObject({
    first_assigned_at: instant('10:10:00'),
    assigned_agent_id: null,
    assigned_at: null,
  });
});

test('at one time the later id wins', () => {
  const first = eventAt(lead, at('10:00:00'), 'scored', { quality_score: 'A' });
  const second = eventAt(lead, at('10:00:00'), 'scored', { quality_score: 'D' });
  expect(deriveLead(lead, [second, first]).quality_score).toBe('D');
  // As text B comes before a, as an id after it.
  const upperCase = { ...first, id: 'BBBBBBBB-0000-4000-8000-000000000000' };
  const lowerCase = { ...second, id: 'aaaaaaaa-0000-4000-8000-000000000000' };
  expect(deriveLead(lead, [upperCase, lowerCase]).quality_score).toBe('A');
});

test('a stage never goes back, but death and revival do', () => {
  const appointment = eventAt(lead, at('11:00:00'), 'appointment_scheduled');
  const call = eventAt(lead, at('12:00:00'), 'contacted');
  expect(deriveLead(lead, [appointment, call]).current_stage).toBe('appointment');
  const dead = eventAt(lead, at('13:00:00'), 'dead');
  const buried = deriveLead(lead, [appointment, call, dead]);
  expect(buried).toMatchObject({ current_stage: 'dead', furthest_stage: 'appointment' });
  // An answer is no stage event: the lead stays dead. A call revives it.
  const answer = eventAt(lead, at('14:00:00'), 'responded');
  expect(deriveLead(lead, [appointment, dead, answer]).current_stage).toBe('dead');
  const revival = eventAt(lead, at('15:00:00'), 'contacted');
  const revived = deriveLead(lead, [appointment, dead, answer, revival]);
  expect(revived).toMatchObject({ current_stage: 'appointment', dead_at: instant('13:00:00') });
});

test('dead outranks closed at the same time', () => {
  const dead = eventAt(lead, at('13:00:00'), 'dead');
  const closed = eventAt(lead, at('13:00:00'), 'closed', { value: 100n });
  expect(deriveLead(lead, [dead, closed])).toMatchObject({
    current_stage: 'dead',
    converted: false,
    closed_at: instant('13:00:00'),
    converted_at: null,
    conversion_value: null,
  });
});

test('the value is of the latest closed event that states one', () => {
  const state = deriveLead(lead, [
    eventAt(lead, at('11:00:00'), 'closed', { value: 100n }),
    eventAt(lead, at('12:00:00'), 'closed', { value: 250n }),
    eventAt(lead, at('13:00:00'), 'closed'),
    eventAt(lead, at('14:00:00'), 'closed', { value: 999n, voided: true }),
  ]);
  expect(state).toMatchObject({
    converted: true,
    converted_at: instant('11:00:00'),
    conversion_value: 250n,
  });
});

test('as of t: stage and money of then, agent and score of today', () => {
  const events = [
    eventAt(lead, at('10:10:00'), 'contacted', { agent_id: ANN }),
    eventAt(lead, at('11:00:00'), 'closed', { value: 100n }),
    eventAt(lead, at('12:00:00'), 'dead'),
    eventAt(lead, at('13:00:00'), 'closed', { value: 300n }),
    eventAt(lead, at('14:00:00'), 'assigned', { agent_id: BOB }),
    eventAt(lead, at('15:00:00'), 'scored', { quality_score: 'C' }),
  ];
  const stages = ['10:09:59', '10:10:00', '11:00:00', '12:00:00', '13:00:00'].map((time) => {
    const state = stateAsOf(lead, events, instant(time));
    expect(state).toMatchObject({ assigned_agent_id: BOB, quality_score: 'C' });
    return [state.current_stage, state.converted, state.converted_at, state.conversion_value];
  });
  expect(stages).toEqual([
    ['new', false, null, null],
    ['contacted', false, null, null],
    ['closed', true, instant('11:00:00'), 100n],
    ['dead', false, null, null],
    ['closed', true, instant('11:00:00'), 300n],
  ]);
  expect(stateAsOf(lead, events, instant('10:10:00') - MINUTE).first_contacted_at).toBeNull();
});
