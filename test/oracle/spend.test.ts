import { expect, test } from 'vitest';
import { TEAM, teamParameters } from './example-team.ts';
import { parseInstant } from './local-time.ts';
import { oracleReport } from './reports.ts';
import type { Parameters, SpendFact } from './types.ts';

const money = (spend: SpendFact[], given: Partial<Parameters> = {}) =>
  oracleReport('lead-source-performance', { ...TEAM, spend }, teamParameters(given)).rows.map(
    (row) => [row.source, row.spend, row.cost_per_lead, row.cost_per_conversion, row.roi],
  );
const on = (day: string, amount: bigint, source = 'zillow') => ({ source, day, amount });

test('what zillow cost, for its two leads, one of them sold for 10,000', () => {
  // 3,000 for 2 leads is 1,500 each, for 1 sale 3,000; (10,000 − 3,000) / 3,000 = 233.33 %.
  // Facebook: 0.05 for 2 leads is 0.025, up to 0.03, and all of it lost. The blank source: nothing.
  const spend = [
    on('2026-11-01', 2_999_99n),
    on('2026-11-10', 1n),
    on('2026-11-03', 5n, 'facebook'),
  ];
  expect(money(spend)).toEqual([
    ['zillow', '3000.00', '1500.00', '3000.00', 233.33],
    ['', '0.00', null, null, null],
    ['facebook', '0.05', '0.03', null, -100],
  ]);
});

test('days of the window alone, and those that had come', () => {
  const spend = ['10-31', '11-01', '11-10', '11-11'].map((day, index) =>
    on(`2026-${day}`, 10n ** BigInt(index)),
  );
  expect(money(spend)[0]?.[1]).toBe('1.10');
  const as_of = parseInstant('2026-11-09T23:59:59Z');
  expect(money(spend, { as_of }).find(([source]) => source === 'zillow')?.[1]).toBe('0.10');
  // In Auckland it is the 10th by then.
  const timezone = 'Pacific/Auckland';
  expect(money(spend, { as_of, timezone }).find(([source]) => source === 'zillow')?.[1]).toBe(
    '1.10',
  );
});

test('a source without a lead has a row where it cost something', () => {
  const spend = [on('2026-11-01', 100n, 'billboard'), on('2026-11-01', 0n, 'leaflet')];
  expect(money(spend).slice(1)).toEqual([
    ['', '0.00', null, null, null],
    ['facebook', '0.00', null, null, null],
    ['billboard', '1.00', null, null, -100],
  ]);
  expect(money(spend, { source: 'Billboard' })).toEqual([['billboard', '1.00', null, null, -100]]);
});

test('money is not told by what it was not spent on', () => {
  const spend = [on('2026-11-01', 100n)];
  const shapes: Partial<Parameters>[] = [
    { by: 'source,quality_score' },
    { by: 'utm_campaign' },
    { agent_id: 'none' },
    { quality_score: 'none' },
    { utm_campaign: 'spring' },
  ];
  for (const given of shapes) {
    for (const [, ...columns] of money(spend, given)) {
      expect(columns).toEqual([null, null, null, null]);
    }
  }
});
