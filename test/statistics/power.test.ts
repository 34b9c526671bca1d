import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boschloo, pooledZ } from '../../core/statistics/boschloo.ts';
import { normalUpperTail } from '../../core/statistics/normal.ts';
import {
  conditionalPower,
  detectableEffect,
  driftOfRates,
  leadsForRates,
  powerOfRates,
} from '../../core/statistics/power.ts';
import {
  detectableWins,
  driftOfWins,
  leadsForWins,
  powerOfWins,
} from '../../core/statistics/win-probability.ts';
import { binomial } from './exact.ts';

const plan = { split: 0.5, alpha: 0.05, power: 0.8 };
const baseline = fc.double({ min: 0.02, max: 0.9, noNaN: true });
const leads = fc.integer({ min: 20, max: 5000 });
const split = fc.constantFrom(0.2, 0.5, 0.8);

describe('what a number of leads can show', () => {
  test('100 leads show 27.6 points more than 40 %, as the design has it', () => {
    const wanted = { ...plan, leads: 100, baseline: 0.4 };
    expect(detectableEffect({ ...wanted, direction: 1 })).toBeCloseTo(0.276, 3);
    const effect = detectableEffect({ ...wanted, baseline: 0.6, direction: -1 });
    expect(effect).toBeCloseTo(-0.276, 3);
  });

  test('is undone by the leads that an effect needs', () => {
    fc.assert(
      fc.property(baseline, leads, split, (rate, all, share) => {
        const wanted = { ...plan, split: share, baseline: rate, leads: all };
        const effect = detectableEffect({ ...wanted, direction: 1 });
        if (effect === null) {
          expect(powerOfRates({ ...wanted, effect: 1 - rate })).toBeLessThan(0.8);
          return;
        }
        expect(leadsForRates({ ...wanted, effect }) / all).toBeCloseTo(1, 6);
        expect(powerOfRates({ ...wanted, effect })).toBeCloseTo(0.8, 8);
        expect(powerOfRates({ ...wanted, effect, leads: 2 * all })).toBeGreaterThan(0.8);
      }),
    );
  });

  test('is one half for an effect that just reaches the limit, with any split', () => {
    const rates = {
      treatment: { successes: 10, leads: 20 },
      control: { successes: 20, leads: 80 },
    };
    const alpha = 2 * normalUpperTail(pooledZ(rates) ?? 0);
    const uneven = { leads: 100, split: 0.2, alpha, baseline: 0.25, effect: 0.25 };
    expect(powerOfRates(uneven)).toBeCloseTo(0.5, 12);
  });

  test('has its limits: no effect, no leads, no such rates', () => {
    const wanted = { ...plan, leads: 100, baseline: 0.4 };
    expect(powerOfRates({ ...wanted, effect: 0 })).toBe(0.025);
    expect(powerOfRates({ ...wanted, effect: 0.2, leads: 0 })).toBe(0.025);
    expect(leadsForRates({ ...wanted, effect: 0 })).toBe(Number.POSITIVE_INFINITY);
    expect(detectableEffect({ ...wanted, leads: 6, direction: 1 })).toBeNull();
    expect(detectableEffect({ ...wanted, baseline: 0.01, direction: -1 })).toBeNull();
    for (const effect of [0.61, -0.41, Number.NaN]) {
      expect(() => powerOfRates({ ...wanted, effect })).toThrow(RangeError);
    }
  });

  test.each([
    [0.4, 0.25],
    [0.2, 0.2],
    [0.1, 0.2],
  ])(
    'is what Boschloo’s test at 50 leads an arm sees from %d by %d, within 3 points',
    (from, by) => {
      let power = 0;
      for (let x = 0; x <= 50; x += 1) {
        for (let y = 0; y <= 50; y += 1) {
          const chance = binomial(x, 50, from + by) * binomial(y, 50, from);
          if (chance < 1e-5) continue;
          const rates = {
            treatment: { successes: x, leads: 50 },
            control: { successes: y, leads: 50 },
          };
          // The nearest that a z could miss: far from the limit no table needs the exact test.
          const z = ((x - y) / 50) * Math.sqrt(25 / ((x + y) / 100) / (1 - (x + y) / 100));
          if (z > 3 || (z > 1.5 && boschloo(rates).twoSided <= 0.05)) power += chance;
        }
      }
      const approximate = powerOfRates({ ...plan, leads: 100, baseline: from, effect: by });
      expect(Math.abs(power - approximate)).toBeLessThan(0.03);
    },
  );
});

describe('what a number of leads can show of times', () => {
  test('100 leads show a treatment that is faster in 66 of 100 pairs', () => {
    expect(detectableWins({ ...plan, leads: 100 })).toBeCloseTo(0.6617, 4);
    expect(detectableWins({ ...plan, leads: 8 })).toBeNull();
  });

  test('is undone by the leads it needs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5000 }), fc.constantFrom(0.3, 0.5), (all, share) => {
        const wanted = { ...plan, split: share, leads: all };
        const winProbability = detectableWins(wanted) ?? 1;
        expect(leadsForWins({ ...wanted, winProbability })).toBeCloseTo(all, 6);
        expect(powerOfWins({ ...wanted, winProbability })).toBeCloseTo(0.8, 9);
        expect(powerOfWins({ ...wanted, winProbability: 1 - winProbability })).toBeCloseTo(0.8, 9);
      }),
    );
    expect(leadsForWins({ ...plan, winProbability: 0.5 })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the chance to win in the end', () => {
  const finalZ = 2.014;

  test('is the power before the first lead, and known at the end', () => {
    const rates = { leads: 100, split: 0.5, baseline: 0.4, effect: 0.25 };
    const drift = driftOfRates(rates);
    expect(drift).toBeCloseTo(0.25 / Math.sqrt((0.24 + 0.2275) / 50), 12);
    const unstarted = conditionalPower({ z: 0, share: 0, finalZ: 1.96, drift });
    expect(Math.abs(unstarted - powerOfRates({ ...rates, alpha: 0.05 }))).toBeLessThan(0.03);
    // Of a z of 2 after a quarter 1 is won; what is missing has a spread of √0.75.
    const quarter = conditionalPower({ z: 2, share: 0.25, finalZ: 2, drift: 0 });
    expect(quarter).toBeCloseTo(normalUpperTail(1 / Math.sqrt(0.75)), 14);
    expect(conditionalPower({ z: 2.1, share: 1, finalZ, drift })).toBe(1);
    expect(conditionalPower({ z: 2, share: 1, finalZ, drift })).toBe(0);
    const wins = driftOfWins({ winProbability: 0.6617, leads: 100, split: 0.5 });
    expect(conditionalPower({ z: 0, share: 0, finalZ: 1.96, drift: wins })).toBeCloseTo(0.8, 3);
  });

  test('rises with z and with the effect, and is small once half of the leads show nothing', () => {
    const now = fc.record({
      z: fc.double({ min: -3, max: 3, noNaN: true }),
      share: fc.double({ min: 0, max: 0.99, noNaN: true }),
      drift: fc.double({ min: -3, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(now, (one) => {
        const chance = conditionalPower({ ...one, finalZ });
        const better = { ...one, z: one.z + 0.1 };
        const larger = { ...one, drift: one.drift + 0.1 };
        expect(conditionalPower({ ...better, finalZ })).toBeGreaterThanOrEqual(chance);
        expect(conditionalPower({ ...larger, finalZ })).toBeGreaterThanOrEqual(chance);
      }),
    );
    const drift = driftOfRates({ leads: 100, split: 0.5, baseline: 0.4, effect: 0.25 });
    expect(conditionalPower({ z: -0.5, share: 0.5, finalZ, drift })).toBeLessThan(0.1);
    expect(conditionalPower({ z: 1, share: 0.5, finalZ, drift })).toBeGreaterThan(0.4);
  });
});
