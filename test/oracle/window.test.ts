import { expect, test } from 'vitest';
import { eventAt, factsOf, leadAt } from './examples.ts';
import { formatInstant, parseInstant } from './local-time.ts';
import { type Parameters, parametersOf } from './types.ts';
import { previousPeriod, selectLeads } from './window.ts';

const parameters = (given: Partial<Parameters>) =>
  parametersOf({
    from: '2026-11-01',
    to: '2026-11-02',
    timezone: 'America/New_York',
    as_of: parseInstant('2026-12-01T00:00:00Z'),
    ...given,
  });

test('a window is whole local days: 25 hours when the clock goes back', () => {
  // New York 2026-11-01: from 04:00Z (−4) to 05:00Z of the 2nd (−5).
  const leads = [
    leadAt('2026-11-01T03:59:59.999999Z'),
    leadAt('2026-11-01T04:00:00Z'),
    leadAt('2026-11-02T04:59:59.999999Z'),
    leadAt('2026-11-02T05:00:00Z'),
  ];
  const { counted } = selectLeads(factsOf({ leads }), parameters({}));
  expect(counted.map((placed) => placed.lead.id)).toEqual([leads[1]?.id, leads[2]?.id]);
});

test('a day without midnight, and a lead not yet there', () => {
  const leads = [leadAt('2017-10-15T02:59:59.999999Z'), leadAt('2017-10-15T03:00:00Z')];
  const day = { from: '2017-10-15', to: '2017-10-16', timezone: 'America/Sao_Paulo' };
  const select = (as_of: string) =>
    selectLeads(factsOf({ leads }), parameters({ ...day, as_of: parseInstant(as_of) })).counted;
  expect(select('2017-10-15T03:00:00Z').map((placed) => placed.lead)).toEqual([leads[1]]);
  expect(select('2017-10-15T02:59:59.999999Z')).toEqual([]);
});

test('by conversion the day of converted_at decides, as of t', () => {
  const lead = leadAt('2026-10-01T12:00:00Z');
  const events = [
    eventAt(lead, '2026-11-01T20:00:00Z', 'closed'),
    eventAt(lead, '2026-11-20T20:00:00Z', 'dead'),
  ];
  const count = (given: Partial<Parameters>) =>
    selectLeads(factsOf({ leads: [lead], events }), parameters(given)).counted.length;
  expect(count({ basis: 'created' })).toBe(0);
  expect(count({ basis: 'converted' })).toBe(0);
  expect(count({ basis: 'converted', as_of: parseInstant('2026-11-15T00:00:00Z') })).toBe(1);
  expect(count({ basis: 'converted', as_of: parseInstant('2026-11-01T19:59:59Z') })).toBe(0);
});

test('test leads come before duplicates, and only those of the window and filters', () => {
  const at = '2026-11-01T12:00:00Z';
  const lead = leadAt(at);
  const leads = [
    lead,
    leadAt(at, { is_test: true }),
    leadAt(at, { is_test: true, duplicate_of: lead.id }),
    leadAt(at, { duplicate_of: lead.id }),
    leadAt(at, { duplicate_of: lead.id, source: 'facebook' }),
    leadAt('2026-11-03T12:00:00Z', { is_test: true }),
  ];
  const { counted, excluded } = selectLeads(factsOf({ leads }), parameters({ source: 'Zillow ' }));
  expect(counted).toHaveLength(1);
  expect(excluded).toEqual({ test: 2, duplicate: 1 });
});

test('filters: blank source, none, today’s agent and score, campaign', () => {
  const at = '2026-11-01T12:00:00Z';
  const blank = leadAt(at, { source: '', utm_campaign: 'spring' });
  const other = leadAt(at);
  const agent_id = 'aaaaaaaa-0000-4000-8000-000000000001';
  // Both happen after as_of and count all the same.
  const events = [
    eventAt(other, '2026-12-05T00:00:00Z', 'assigned', { agent_id }),
    eventAt(other, '2026-12-05T00:00:00Z', 'scored', { quality_score: 'B' }),
  ];
  const found = (given: Partial<Parameters>) =>
    selectLeads(factsOf({ leads: [blank, other], events }), parameters(given)).counted.map(
      (placed) => placed.lead,
    );
  expect(found({})).toEqual([blank, other]);
  expect(found({ source: '' })).toEqual([blank]);
  expect(found({ agent_id: 'none' })).toEqual([blank]);
  expect(found({ agent_id })).toEqual([other]);
  expect(found({ quality_score: 'none' })).toEqual([blank]);
  expect(found({ quality_score: 'B' })).toEqual([other]);
  expect(found({ utm_campaign: 'spring' })).toEqual([blank]);
  expect(found({ utm_campaign: 'Spring' })).toEqual([]);
  expect(found({ utm_campaign: '' })).toEqual([other]);
});

test('the previous window is as long, as it stood at the same time of day', () => {
  const as_of = parseInstant('2026-03-10T06:30:00Z');
  const previous = previousPeriod(parameters({ from: '2026-03-05', to: '2026-03-10', as_of }));
  expect(previous).toMatchObject({ from: '2026-02-28', to: '2026-03-05' });
  // 02:30 at −4 on the 10th is 02:30 at −5 on the 5th.
  expect(formatInstant(previous.as_of)).toBe('2026-03-05T07:30:00.000000Z');
});
