import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holm } from '../../core/statistics/holm.ts';
import { logBayesFactors, pearson, sampleRatio } from '../../core/statistics/sample-ratio.ts';
import { binomial } from './exact.ts';

const order = (text: string) => [...text].map((arm) => arm === 'T');
const split = fc.constantFrom(0.1, 0.5, 0.7);

describe('the split of an experiment', () => {
  test('ends at the same evidence in any order, but remembers the worst there was', () => {
    const early = sampleRatio(order('T'.repeat(30) + 'C'.repeat(30)), 0.5);
    const mixed = sampleRatio(order('TC'.repeat(30)), 0.5);
    expect(early.bayesFactor).toBeCloseTo(mixed.bayesFactor, 12);
    expect(early.health).toBe('severe');
    expect(mixed.health).toBe('fine');
    expect(mixed.largest).toBeGreaterThanOrEqual(mixed.bayesFactor);
  });

  test('is no evidence on average where it is right, whatever it is', () => {
    fc.assert(
      fc.property(split, fc.integer({ min: 1, max: 10 }), (share, leads) => {
        let mean = 0;
        for (let bits = 0; bits < 2 ** leads; bits += 1) {
          const all = Array.from({ length: leads }, (_, index) => ((bits >> index) & 1) === 1);
          const treated = all.filter(Boolean).length;
          const chance = share ** treated * (1 - share) ** (leads - treated);
          mean += chance * sampleRatio(all, share).bayesFactor;
        }
        expect(mean).toBeCloseTo(1, 9);
      }),
      { numRuns: 15 },
    );
  });

  // Exactly, over all orders: evidence depends on counts alone, so paths are counted, not drawn.
  test.each([0.1, 0.5, 0.7])('alarms less than once in 100 if %d is right, ever', (share) => {
    const weights = [share, 1 - share];
    const prior = weights.map((weight) => 10 * weight);
    const evidence = (treated: number, leads: number) =>
      logBayesFactors({
        arms: Array.from({ length: leads }, (_, index) => (index < treated ? 0 : 1)),
        weights,
        prior,
      }).at(-1) ?? 0;
    let alive = [1];
    let alarmed = 0;
    for (let leads = 1; leads <= 300; leads += 1) {
      const next = Array.from(
        { length: leads + 1 },
        (_, treated) => (alive[treated - 1] ?? 0) * share + (alive[treated] ?? 0) * (1 - share),
      );
      alive = next.map((chance, treated) => {
        if (chance < 1e-9 || evidence(treated, leads) < Math.log(100)) return chance;
        alarmed += chance;
        return 0;
      });
    }
    expect(alarmed).toBeGreaterThan(0.0005);
    expect(alarmed).toBeLessThan(0.01);
  });

  test('alarms from 16 leads on, at 100 and at 1,000', () => {
    const health = (text: string) => sampleRatio(order(text), 0.5).health;
    expect(health('')).toBe('fine');
    expect(sampleRatio([], 0.5)).toMatchObject({
      bayesFactor: 1,
      largest: 1,
      exact: 1,
      pearson: 1,
    });
    const [few, enough] = [15, 16].map((leads) => sampleRatio(order('T'.repeat(leads)), 0.3));
    expect(few?.health).toBe('fine');
    expect(few?.largest).toBeGreaterThan(1000);
    expect(enough?.health).toBe('severe');
    expect(health('T'.repeat(15))).toBe('fine');
    expect(health('T'.repeat(16))).toBe('alarm');
    expect(health('T'.repeat(24))).toBe('severe');
    expect(sampleRatio(order('T'.repeat(9000)), 0.5).largest).toBe(Number.MAX_VALUE);
    for (const share of [0, 1, -1, 2, Number.NaN]) {
      expect(() => sampleRatio([true], share)).toThrow(RangeError);
    }
  });

  test('the other tests agree with the counts', () => {
    const { exact, pearson: p } = sampleRatio(order('T'.repeat(33) + 'C'.repeat(67)), 0.5);
    const tail = Array.from({ length: 34 }, (_, k) => binomial(k, 100, 0.5));
    expect(exact).toBeCloseTo(2 * tail.reduce((sum, one) => sum + one, 0), 12);
    expect(p).toBe(pearson({ treatment: 33, control: 67, split: 0.5 }).p);
    expect(pearson({ treatment: 30, control: 70, split: 0.3 }).p).toBe(1);
  });
});

describe('Holm’s adjustment', () => {
  test('keeps the order, and lies between p and Bonferroni’s, which the least has', () => {
    const many = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(many, (all) => {
        const adjusted = holm(all);
        const bonferroni = all.map((p) => Math.min(1, p * all.length));
        for (const [index, p] of adjusted.entries()) {
          expect(p).toBeGreaterThanOrEqual(all[index] ?? 0);
          expect(p).toBeLessThanOrEqual(bonferroni[index] ?? 0);
          for (const [other, q] of adjusted.entries()) {
            if ((all[index] ?? 0) < (all[other] ?? 0)) expect(p).toBeLessThanOrEqual(q);
          }
        }
        if (all.length > 0) expect(Math.min(...adjusted)).toBe(Math.min(...bonferroni));
      }),
    );
    expect(holm([])).toEqual([]);
    expect(holm([0.04])).toEqual([0.04]);
  });
});
