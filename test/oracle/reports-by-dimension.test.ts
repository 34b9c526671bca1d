import { expect, test } from 'vitest';
import { differences } from './compare.ts';
import { ANN, CID, TEAM, teamParameters } from './example-team.ts';
import { oracleReport, type ReportName } from './reports.ts';
import type { Parameters } from './types.ts';

const rows = (name: ReportName, given: Partial<Parameters> = {}) =>
  oracleReport(name, TEAM, teamParameters(given)).rows;

test('lead-source-performance by source', () => {
  // zillow has the money; the other two have none and 0 %, so by the source's bytes.
  const answer = rows('lead-source-performance');
  expect(answer.map((row) => [row.source, row.total_revenue])).toEqual([
    ['zillow', '10000.00'],
    ['', null],
    ['facebook', null],
  ]);
  expect(answer[0]).toMatchObject({
    total_leads: 2,
    conversions: 1,
    conversion_rate: 50,
    quality_score: null,
    leads_by_score: null,
    contacted_leads: 2,
    qualified_leads: 1,
    a_leads: 1,
    unscored_leads: 1,
  });
  expect(answer[2]).toMatchObject({ contacted_leads: 2, qualified_leads: 1, b_leads: 1 });
});

test('lead-source-performance in the seed’s shape and by campaign', () => {
  const seed = rows('lead-source-performance', { by: 'source,quality_score' });
  expect(seed.map((row) => [row.source, row.quality_score, row.leads_by_score])).toEqual([
    ['zillow', 'A', 1],
    ['', null, 1],
    ['facebook', 'B', 1],
    ['facebook', null, 1],
    ['zillow', null, 1],
  ]);
  const campaigns = rows('lead-source-performance', { by: 'utm_campaign' });
  expect(campaigns.map((row) => [row.source, row.utm_campaign, row.total_leads])).toEqual([
    [null, 'spring', 1],
    [null, null, 4],
  ]);
});

test('trend by week', () => {
  // 2026-11-01 is a Sunday, so the first week starts on 10-26 and the last is cut at the 11th.
  const answer = rows('trend', { bucket: 'week' });
  expect(answer.map((row) => [row.date, row.total_leads, row.partial])).toEqual([
    ['2026-10-26', 1, true],
    ['2026-11-02', 3, false],
    ['2026-11-09', 1, true],
  ]);
  expect(answer[0]).toMatchObject({
    contact_rate: 100,
    conversion_rate: 100,
    avg_time_to_contact_minutes: 10,
    avg_days_to_convert: 2,
    avg_deal_value: '10000.00',
  });
  // buried and offered reached contacted, offered qualified: 66.67 and 33.33 of three.
  expect(answer[1]).toMatchObject({
    contacted_leads: 2,
    qualified_leads: 1,
    contact_rate: 66.67,
    qualification_rate: 33.33,
    avg_time_to_contact_minutes: 30,
    avg_days_to_convert: null,
  });
});

test('trend by day has empty days, and days that are not over', () => {
  const answer = rows('trend', { from: '2026-11-18', to: '2026-11-22' });
  // Read at midnight of the 20th: the 18th and 19th are over.
  expect(answer.map((row) => [row.date, row.total_leads, row.partial])).toEqual([
    ['2026-11-18', 0, false],
    ['2026-11-19', 0, false],
    ['2026-11-20', 0, true],
    ['2026-11-21', 0, true],
  ]);
});

test('trend by the date of conversion', () => {
  const answer = rows('trend', { basis: 'converted' });
  const filled = answer.filter((row) => row.total_leads !== 0);
  expect(filled.map((row) => [row.date, row.total_leads])).toEqual([['2026-11-03', 1]]);
});

test('lead-metrics holds everything stored, whatever the day it is read for', () => {
  // `later` has closed for 500.00 by the refresh.
  const answer = rows('lead-metrics', { bucket: 'month', by: 'source,agent' });
  expect(
    answer.map((row) => [
      row.date,
      row.source,
      row.assigned_agent_id,
      row.total_leads,
      row.total_revenue,
    ]),
  ).toEqual([
    ['2026-11-01', '', null, 1, null],
    ['2026-11-01', 'facebook', ANN.id, 1, null],
    ['2026-11-01', 'facebook', CID.id, 1, '500.00'],
    ['2026-11-01', 'zillow', ANN.id, 1, '10000.00'],
    ['2026-11-01', 'zillow', null, 1, null],
  ]);
  expect(rows('lead-metrics').map((row) => row.date)).toEqual([
    '2026-11-01',
    '2026-11-02',
    '2026-11-05',
    '2026-11-10',
  ]);
});

test('rows are compared with a little tolerance where floats may be', () => {
  const expected = [{ source: 'a', total_leads: 2, avg_response_minutes: 1.01 }];
  const product = { source: 'a', total_leads: 2, avg_response_minutes: 1.02, spend: '1.00' };
  expect(differences(expected, [product], ['spend'])).toEqual([]);
  expect(differences(expected, [{ ...product, total_leads: 3 }])).toEqual([
    'row 0 total_leads: 2 expected, 3 found',
    'row 0 spend: not expected, 1.00 found',
  ]);
  expect(differences(expected, [])).toContain('1 rows expected, 0 found');
});
