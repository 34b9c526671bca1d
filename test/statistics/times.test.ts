import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  kaplanMeier,
  meanWait,
  medianWait,
  waitingAfter,
} from '../../core/statistics/kaplan-meier.ts';
import { type Minutes, mannWhitney } from '../../core/statistics/mann-whitney.ts';
import { winInterval } from '../../core/statistics/win-probability.ts';

const cap = 9;
const minutes = (most: number) => fc.array(fc.integer({ min: 0, max: cap }), { maxLength: most });
const arms = (most: number) => fc.record({ treatment: minutes(most), control: minutes(most) });
const turned = ({ treatment, control }: Minutes) => ({ treatment: control, control: treatment });
const runs = { numRuns: 60 };

/** U by its definition: pairs in which treatment took longer, half of the ties. */
const pairs = (treatment: readonly number[], control: readonly number[]) =>
  treatment
    .flatMap((one) => control.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)))
    .reduce<number>((sum, one) => sum + one, 0);

/** U of each way to choose who was treated. */
function permuted({ treatment, control }: Minutes): number[] {
  const all = [...treatment, ...control];
  const ways = Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.map((_, index) => ((bits >> index) & 1) === 1),
  ).filter((chosen) => chosen.filter(Boolean).length === treatment.length);
  return ways.map((chosen) =>
    pairs(
      all.filter((_, index) => chosen[index]),
      all.filter((_, index) => !chosen[index]),
    ),
  );
}

describe('the worst-rank test', () => {
  test('counts pairs, and in small samples all ways to choose who was treated', () => {
    fc.assert(
      fc.property(arms(5), (one) => {
        const { u, greater, less, twoSided, winProbability } = mannWhitney(one);
        const { treatment, control } = one;
        expect(u).toBeCloseTo(pairs(treatment, control), 12);
        if (treatment.length * control.length === 0) {
          expect([greater, less, twoSided, winProbability]).toEqual([1, 1, 1, null]);
          return;
        }
        expect(winProbability).toBeCloseTo(
          pairs(control, treatment) / (treatment.length * control.length),
          12,
        );
        const all = permuted(one);
        const share = (of: (other: number) => boolean) => all.filter(of).length / all.length;
        expect(greater).toBeCloseTo(
          share((other) => other >= u - 1e-9),
          12,
        );
        expect(less).toBeCloseTo(
          share((other) => other <= u + 1e-9),
          12,
        );
        expect(twoSided).toBeCloseTo(Math.min(1, 2 * Math.min(greater, less)), 12);
      }),
      runs,
    );
  });

  test.each([15, 40])('turns with the arms, and rises with each minute: up to %i leads', (most) => {
    fc.assert(
      fc.property(arms(most), (one) => {
        const { greater, less, z } = mannWhitney(one);
        const other = mannWhitney(turned(one));
        expect(other.less).toBeCloseTo(greater, 11);
        expect(other.greater).toBeCloseTo(less, 11);
        expect(other.z).toBeCloseTo(-z, 11);
        const later = mannWhitney({ ...one, treatment: one.treatment.map((time) => time + 1) });
        if (one.treatment.length * one.control.length === 0) return;
        expect(later.u).toBeGreaterThanOrEqual(mannWhitney(one).u);
      }),
      runs,
    );
  });

  test('says nothing where all are tied, of one lead, and of an empty arm', () => {
    const nothing = { z: 0, greater: 1, less: 1, twoSided: 1 };
    for (const leads of [1, 20, 60]) {
      const tied = Array.from({ length: leads }, () => 1440);
      const both = { treatment: tied, control: tied };
      expect(mannWhitney(both)).toMatchObject({ ...nothing, winProbability: 0.5, untied: 0 });
      expect(mannWhitney({ treatment: tied, control: [] })).toMatchObject(nothing);
    }
    expect(mannWhitney({ treatment: [3], control: [5] })).toMatchObject({
      less: 0.5,
      greater: 1,
      twoSided: 1,
      winProbability: 1,
    });
    expect(mannWhitney({ treatment: [], control: [] })).toMatchObject(nothing);
    expect(() => mannWhitney({ treatment: [Number.NaN], control: [1] })).toThrow(RangeError);
  });

  test('the normal form is near the exact one at 30 leads', () => {
    const treatment = [1, 2, 2, 3, 5, 8, 13, 21, 34, 55, 60, 60, 60, 60, 60];
    const control = treatment.map((time) => Math.min(60, 2 * time + 3));
    const [exact, normal] = [30, 29].map((most) => mannWhitney({ treatment, control }, most));
    expect(exact?.u).toBe(normal?.u);
    expect(exact?.less).not.toBe(normal?.less);
    expect(Math.abs((exact?.less ?? 0) - (normal?.less ?? 0))).toBeLessThan(0.005);
  });

  test('its interval leaves out one half exactly when the normal form says so', () => {
    fc.assert(
      fc.property(arms(60), fc.constantFrom(0.01, 0.05, 0.3), (one, alpha) => {
        const { winProbability, untied, twoSided } = mannWhitney(one, 0);
        const leads = { treatment: one.treatment.length, control: one.control.length };
        if (winProbability === null || Math.abs(twoSided - alpha) < 1e-9) return;
        const { lower, upper } = winInterval({ winProbability, untied, ...leads }, alpha);
        expect(lower <= winProbability && winProbability <= upper).toBe(true);
        if (untied > 0) expect(lower > 0.5 || upper < 0.5).toBe(twoSided < alpha);
      }),
      { numRuns: 300 },
    );
    const nobody = { winProbability: 0.5, untied: 1, treatment: 0, control: 5 };
    expect(winInterval(nobody, 0.05)).toEqual({ lower: 0, upper: 1 });
  });
});

describe('the curve of those who wait', () => {
  const waits = fc.array(
    fc.record({ minutes: fc.integer({ min: 1, max: cap }), contacted: fc.boolean() }),
    { minLength: 1, maxLength: 40 },
  );

  test('is a plain share, and a plain mean, where nobody is censored before the cap', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (all) => {
        const curve = kaplanMeier(
          all.map((time) => ({ minutes: Math.min(time, cap), contacted: time <= cap })),
        );
        for (let time = 0; time <= cap; time += 1) {
          const share = all.filter((one) => one > time).length / all.length;
          expect(waitingAfter(curve, time, 0.05).share).toBeCloseTo(share, 12);
        }
        const mean = all.reduce((sum, one) => sum + Math.min(one, cap), 0) / all.length;
        expect(meanWait(curve, cap).mean).toBeCloseTo(mean, 10);
      }),
    );
  });

  test('falls, inside its interval, which is there while some wait and some do not', () => {
    fc.assert(
      fc.property(waits, (all) => {
        const curve = kaplanMeier(all);
        let before = 1;
        for (let time = 0; time <= cap; time += 1) {
          const { share, interval, standardError } = waitingAfter(curve, time, 0.05);
          expect(share).toBeLessThanOrEqual(before);
          expect(standardError).toBeGreaterThanOrEqual(0);
          expect(interval === null).toBe(share === 0 || share === 1);
          if (interval) expect(interval.lower < share && share < interval.upper).toBe(true);
          before = share;
        }
        const { median, lower, upper } = medianWait(curve, 0.05);
        if (median !== null && lower !== null) expect(lower).toBeLessThanOrEqual(median);
        if (median !== null && upper !== null) expect(upper).toBeGreaterThanOrEqual(median);
      }),
    );
  });

  test('of nobody, of nobody contacted, of all at once', () => {
    const none = { share: 1, standardError: 0, interval: null };
    const unknown = { median: null, lower: null, upper: null };
    for (const all of [[], [{ minutes: 30, contacted: false }]]) {
      expect(waitingAfter(kaplanMeier(all), 60, 0.05)).toEqual(none);
      expect(medianWait(kaplanMeier(all), 0.05)).toEqual(unknown);
      expect(meanWait(kaplanMeier(all), 60)).toEqual({ mean: 60, standardError: 0 });
    }
    const once = kaplanMeier(Array.from({ length: 4 }, () => ({ minutes: 5, contacted: true })));
    expect(waitingAfter(once, 5, 0.05)).toEqual({ share: 0, standardError: 0, interval: null });
    expect(medianWait(once, 0.05)).toEqual({ median: 5, lower: null, upper: null });
    expect(meanWait(once, 60)).toEqual({ mean: 5, standardError: 0 });
    expect(() => kaplanMeier([{ minutes: Number.NaN, contacted: true }])).toThrow(RangeError);
  });

  test('a lead last seen waiting at the minute of a contact was at risk then', () => {
    const curve = kaplanMeier([
      { minutes: 5, contacted: true },
      { minutes: 5, contacted: false },
    ]);
    expect(waitingAfter(curve, 5, 0.05).share).toBe(0.5);
  });

  test('that stays at one half has its median in the middle of that piece', () => {
    const curve = kaplanMeier([
      { minutes: 2, contacted: true },
      { minutes: 8, contacted: false },
    ]);
    expect(medianWait(curve, 0.05).median).toBe(5);
  });
});
