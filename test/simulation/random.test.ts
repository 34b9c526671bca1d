import { expect, test } from 'vitest';
import { normal, randomOf, xoshiro128 } from './random.ts';

test('the generator is the published one', () => {
  const next = xoshiro128([1, 2, 3, 4]);
  const known = [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732];
  expect(known.map(() => next())).toEqual(known);
});

test('a seed is its own, and always the same', () => {
  const first = (seed: number) => Array.from({ length: 5 }, randomOf(seed));
  expect(first(1)).toEqual(first(1));
  const all = Array.from({ length: 5000 }, (_, seed) => first(seed)[0]);
  expect(new Set(all).size).toBe(5000);
});

test('numbers are as even, and normal ones as normal, as they should be', () => {
  const random = randomOf(1);
  const even = Array.from({ length: 100_000 }, random);
  const normals = Array.from({ length: 100_000 }, () => normal(random));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(even)).toBeCloseTo(0.5, 2);
  expect(mean(even.map((one) => (one < 0.05 ? 1 : 0)))).toBeCloseTo(0.05, 2);
  expect(mean(normals)).toBeCloseTo(0, 2);
  expect(mean(normals.map((one) => one * one))).toBeCloseTo(1, 1);
  expect(mean(normals.map((one) => (one > 1.96 ? 1 : 0)))).toBeCloseTo(0.025, 2);
  // Neighbours, in one row and in two, know nothing of each other.
  const pairs = even.slice(1).map((one, index) => (one - 0.5) * ((even[index] ?? 0) - 0.5));
  expect(mean(pairs) * 12).toBeCloseTo(0, 1);
  const rows = Array.from({ length: 5000 }, (_, seed) => randomOf(seed)());
  const next = Array.from({ length: 5000 }, (_, seed) => randomOf(seed + 1)());
  expect(mean(rows)).toBeCloseTo(0.5, 1);
  expect(mean(rows.map((one, seed) => (one - 0.5) * ((next[seed] ?? 0) - 0.5))) * 12).toBeCloseTo(
    0,
    1,
  );
});
