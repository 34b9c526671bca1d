import { expect, test } from 'vitest';
import {
  averageMoney,
  discreteMinutes,
  divideRounded,
  formatCents,
  interpolatedMinutes,
  meanDuration,
  percent,
  totalMoney,
  wilson,
} from './exact.ts';
import { MINUTE } from './local-time.ts';

test('halves are rounded away from zero', () => {
  expect(divideRounded(5n, 2n)).toBe(3n);
  expect(divideRounded(-5n, 2n)).toBe(-3n);
  expect(divideRounded(7n, 3n)).toBe(2n);
  expect(divideRounded(0n, 3n)).toBe(0n);
});

test('a rate is percent with two decimals, null without a denominator', () => {
  expect(percent(1, 3)).toBe(33.33);
  expect(percent(2, 3)).toBe(66.67);
  // 100 · 1/800 = 0.125, a half: away from zero is 0.13.
  expect(percent(1, 800)).toBe(0.13);
  expect(percent(0, 5)).toBe(0);
  expect(percent(0, 0)).toBeNull();
});

test('Wilson for 8 of 10', () => {
  // z² = 3.841459; centre (0.8 + 0.192073) / 1.384146 = 0.716740;
  // reach 1.959964 · √(0.016 + 0.009604) / 1.384146 = 0.226577: 0.490163 to 0.943318.
  expect(wilson(8, 10)).toEqual({ low: 49.02, high: 94.33 });
});

test('Wilson at the ends', () => {
  // 0 of 10: high is z²/n / (1 + z²/n) = 0.384146 / 1.384146 = 0.277533.
  expect(wilson(0, 10)).toEqual({ low: 0, high: 27.75 });
  expect(wilson(10, 10)).toEqual({ low: 72.25, high: 100 });
  expect(wilson(0, 0)).toEqual({ low: null, high: null });
});

test('percentiles interpolate over the reached', () => {
  const minutes = [40n, 10n, 20n].map((value) => value * MINUTE);
  expect(interpolatedMinutes(minutes, 5)).toBe(20);
  // Position 0.9 · 2 = 1.8: 20 + 0.8 · (40 − 20) = 36.
  expect(interpolatedMinutes(minutes, 9)).toBe(36);
  // Position 0.5 of two: (10 + 20.01) / 2 = 15.005, a half: 15.01.
  expect(interpolatedMinutes([10n * MINUTE, 20n * MINUTE + 600_000n], 5)).toBe(15.01);
  expect(interpolatedMinutes([], 5)).toBeNull();
});

test('percentiles over a set with never are members of it', () => {
  const minutes = [20n * MINUTE, null, 10n * MINUTE];
  // ⌈0.5 · 3⌉ = the 2nd of 10, 20, never; ⌈0.9 · 3⌉ = the 3rd.
  expect(discreteMinutes(minutes, 5)).toBe(20);
  expect(discreteMinutes(minutes, 9)).toBeNull();
  // ⌈0.5 · 2⌉ = the 1st of 10, never.
  expect(discreteMinutes([null, 10n * MINUTE], 5)).toBe(10);
  expect(discreteMinutes([null], 5)).toBeNull();
  expect(discreteMinutes([], 9)).toBeNull();
});

test('a mean of minutes', () => {
  expect(
    meanDuration(
      [10n, 30n, 120n].map((value) => value * MINUTE),
      MINUTE,
    ),
  ).toBe(53.33);
  expect(meanDuration([], MINUTE)).toBeNull();
});

test('money is text with two decimals', () => {
  expect(formatCents(5n)).toBe('0.05');
  expect(formatCents(1_250_000n)).toBe('12500.00');
  // (100.00 + 100.01) / 2 = 100.005: 100.01.
  expect(averageMoney([10_000n, 10_001n])).toBe('100.01');
  expect(totalMoney([10_000n, 10_001n])).toBe('200.01');
  expect(totalMoney([])).toBeNull();
  expect(averageMoney([])).toBeNull();
});
