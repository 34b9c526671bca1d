import { expect, test } from 'vitest';
import { curveOf, limitsOf, medianOf, shareOf, stepAt, type Watched } from './kaplan-meier.ts';
import { CONTROL, TREATMENT } from './kaplan-meier-of-r.ts';

const arms = { control: CONTROL, treatment: TREATMENT };

test.each(Object.entries(arms))('the curve of the %s arm is that of R', (_name, arm) => {
  const curve = curveOf(arm.watched);
  for (const [time, survival, error, low, high] of arm.survival) {
    const step = stepAt(curve, time);
    expect(step ? shareOf(step) : 1).toBeCloseTo(survival, 12);
    // R's error is that of the share; ours, of its logarithm.
    expect((step?.error ?? 0) * survival).toBeCloseTo(error, 12);
    if (low === undefined || !step) continue;
    const limits = limitsOf(step);
    expect([limits?.low, limits?.high]).toEqual([
      expect.closeTo(low, 12),
      expect.closeTo(high ?? 0, 12),
    ]);
  }
  expect(medianOf(arm.watched)).toEqual(arm.median);
});

test('who was watched no longer says nothing of later', () => {
  // Four at risk at 1: 3/4 are left. One leaves at 2. Two at risk at 3: 3/4 · 1/2 = 3/8.
  const watched: Watched[] = [
    { time: 1, event: true },
    { time: 2, event: false },
    { time: 3, event: true },
    { time: 9, event: false },
  ];
  expect(curveOf(watched).map(({ time, left, of }) => [time, Number(left) / Number(of)])).toEqual([
    [1, 3 / 4],
    [3, 3 / 8],
  ]);
  // Greenwood: 1 / (4 · 3) + 1 / (2 · 1) = 0.583333.
  expect(curveOf(watched)[1]?.error).toBeCloseTo(Math.sqrt(7 / 12), 12);
  expect(medianOf(watched).median).toBe(3);
});

test('one who leaves at the time of an event was still there', () => {
  const watched = [
    { time: 1, event: true },
    { time: 1, event: false },
  ];
  expect(curveOf(watched)).toMatchObject([{ left: 1n, of: 2n }]);
});

test('half up to the last: the middle of that while; nobody left: no interval', () => {
  const watched = [
    { time: 2, event: true },
    { time: 6, event: false },
  ];
  expect(medianOf(watched)).toEqual({ median: 4, low: 2, high: null });
  const all = [{ time: 2, event: true }];
  expect(medianOf(all)).toEqual({ median: 2, low: null, high: null });
  expect(curveOf(all).map(limitsOf)).toEqual([null]);
});
