import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boschloo, pooledTest, pooledZ } from '../../core/statistics/boschloo.ts';
import { fisher } from '../../core/statistics/fisher.ts';
import { guardrail } from '../../core/statistics/guardrail.ts';
import { newcombe, wilson } from '../../core/statistics/intervals.ts';
import { normalQuantile } from '../../core/statistics/normal.ts';
import type { Arm, Rates } from '../../core/statistics/rates.ts';
import { binomial, fisherGreater } from './exact.ts';

const rates = (x: number, n: number, y: number, m: number): Rates => ({
  treatment: { successes: x, leads: n },
  control: { successes: y, leads: m },
});
const anArm = (most: number): fc.Arbitrary<Arm> =>
  fc
    .integer({ min: 0, max: most })
    .chain((leads) =>
      fc.record({ successes: fc.integer({ min: 0, max: leads }), leads: fc.constant(leads) }),
    );
const any = (most: number) => fc.record({ treatment: anArm(most), control: anArm(most) });
const turned = ({ treatment, control }: Rates): Rates => ({
  treatment: control,
  control: treatment,
});
const failures = ({ treatment, control }: Rates): Rates => ({
  treatment: { ...treatment, successes: treatment.leads - treatment.successes },
  control: { ...control, successes: control.leads - control.successes },
});
const runs = { numRuns: 30 };
const tests = [
  ['Boschloo', boschloo],
  ['Fisher', fisher],
] as const;

describe.each(tests)('%s’s test', (_, exactTest) => {
  test('of the arms in each other’s place, or of the failures, is the other side', () => {
    fc.assert(
      fc.property(any(60), (one) => {
        const { greater, less, twoSided } = exactTest(one);
        for (const other of [exactTest(turned(one)), exactTest(failures(one))]) {
          expect(other.less).toBeCloseTo(greater, 9);
          expect(other.greater).toBeCloseTo(less, 9);
          expect(other.twoSided).toBeCloseTo(twoSided, 9);
        }
      }),
      runs,
    );
  });

  test('falls with each success of treatment, and stays between 0 and 1', () => {
    fc.assert(
      fc.property(any(60), (one) => {
        const { treatment } = one;
        const { greater, less } = exactTest(one);
        expect(Math.min(greater, less)).toBeGreaterThan(0);
        expect(Math.max(greater, less)).toBeLessThanOrEqual(1);
        if (treatment.successes === treatment.leads) return;
        const more = { ...treatment, successes: treatment.successes + 1 };
        const next = exactTest({ ...one, treatment: more });
        expect(next.greater).toBeLessThanOrEqual(greater + 1e-9);
        expect(next.less).toBeGreaterThanOrEqual(less - 1e-9);
      }),
      runs,
    );
  });

  test('says nothing where there is nothing: all fail, all succeed, an empty arm', () => {
    const nothing = { greater: 1, less: 1, twoSided: 1 };
    for (const [x, n, y, m] of [
      [0, 50, 0, 50],
      [50, 50, 30, 30],
      [0, 0, 20, 50],
      [7, 9, 0, 0],
      [0, 0, 0, 0],
    ] as const) {
      for (const [side, p] of Object.entries(exactTest(rates(x, n, y, m)))) {
        expect(p, side).toBeCloseTo(nothing[side as 'less'], 12);
      }
    }
  });

  test('refuses an arm that cannot be', () => {
    for (const [x, n] of [
      [-1, 5],
      [6, 5],
      [1.5, 5],
      [1, Number.NaN],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(() => exactTest(rates(x, n, 1, 2))).toThrow(RangeError);
      expect(() => exactTest(rates(1, 2, x, n))).toThrow(RangeError);
    }
  });
});

/** Boschloo by its definition: all tables, whole numbers, plain rates. */
function byDefinition({ treatment, control }: Rates): number {
  const [n, m] = [treatment.leads, control.leads];
  const limit = fisherGreater(treatment.successes, n, control.successes, m) * (1 + 1e-9);
  const tables: [number, number][] = [];
  for (let a = 0; a <= n; a += 1) {
    for (let b = 0; b <= m; b += 1) if (fisherGreater(a, n, b, m) <= limit) tables.push([a, b]);
  }
  const at = (rate: number) =>
    tables.reduce((sum, [a, b]) => sum + binomial(a, n, rate) * binomial(b, m, rate), 0);
  return Math.max(...Array.from({ length: 501 }, (_, index) => at(index / 500)));
}

describe('Boschloo’s test', () => {
  test('is the largest probability of tables as extreme, over all rates', () => {
    fc.assert(
      fc.property(any(12), (one) => {
        const { greater } = boschloo(one);
        const plain = one.treatment.leads * one.control.leads === 0 ? 1 : byDefinition(one);
        expect(greater).toBeGreaterThanOrEqual(plain - 1e-12);
        expect(greater).toBeLessThanOrEqual(plain + 1e-4);
      }),
      runs,
    );
  });

  test('never says more than Fisher’s', () => {
    fc.assert(
      fc.property(any(200), (one) => {
        expect(boschloo(one).greater).toBeLessThanOrEqual(fisher(one).greater + 1e-9);
      }),
      runs,
    );
  });

  test('errs at most as often as it says, at any rate', () => {
    const [n, m] = [9, 12];
    const p = Array.from({ length: n + 1 }, (_, a) =>
      Array.from({ length: m + 1 }, (_, b) => boschloo(rates(a, n, b, m))),
    );
    for (const alpha of [0.003, 0.01, 0.044, 0.05]) {
      for (let rate = 0.01; rate < 1; rate += 0.01) {
        let [oneSided, twoSided] = [0, 0];
        p.forEach((row, a) => {
          row.forEach((one, b) => {
            const chance = binomial(a, n, rate) * binomial(b, m, rate);
            if (one.greater <= alpha) oneSided += chance;
            if (one.twoSided <= alpha) twoSided += chance;
          });
        });
        expect(Math.max(oneSided, twoSided)).toBeLessThanOrEqual(alpha);
      }
    }
  });

  test('goes over to the pooled z beyond 5,000 leads without a jump', () => {
    const exact = boschloo(rates(2600, 5000, 2500, 5000));
    const approximate = boschloo(rates(2600, 5001, 2500, 5000));
    expect(approximate).toEqual(pooledTest(rates(2600, 5001, 2500, 5000)));
    expect(approximate.twoSided / exact.twoSided).toBeCloseTo(1, 1);
    expect(boschloo(rates(0, 6000, 0, 6000)).greater).toBe(1);
    expect([pooledZ(rates(0, 0, 1, 2)), pooledZ(rates(2, 2, 3, 3))]).toEqual([null, null]);
  });
});

describe('intervals', () => {
  const alpha = fc.constantFrom(0.003, 0.044, 0.05, 0.1, 0.32);

  test('Wilson’s limits are the rates that the score test just does not refuse', () => {
    fc.assert(
      fc.property(anArm(500), alpha, ({ successes, leads }, level) => {
        const { lower, upper } = wilson({ successes, leads }, level);
        expect(0 <= lower && lower <= upper && upper <= 1).toBe(true);
        if (leads === 0) return;
        const rate = successes / leads;
        const z = normalQuantile(level / 2);
        for (const limit of [lower, upper]) {
          const distance = (rate - limit) ** 2 - (z * z * limit * (1 - limit)) / leads;
          if (limit > 0 && limit < 1) expect(Math.abs(distance)).toBeLessThan(1e-12);
        }
      }),
    );
    for (let leads = 1; leads <= 500; leads += 1) {
      expect(wilson({ successes: 0, leads }, leads / 1000).lower).toBe(0);
      expect(wilson({ successes: leads, leads }, leads / 1000).upper).toBe(1);
    }
    expect(wilson({ successes: 0, leads: 0 }, 0.05)).toEqual({ lower: 0, upper: 1 });
    expect(wilson({ successes: 3, leads: 9 }, 0)).toEqual({ lower: 0, upper: 1 });
  });

  test('Newcombe’s holds the difference, turns with the arms, and widens with its level', () => {
    fc.assert(
      fc.property(any(300), (one) => {
        const { treatment, control } = one;
        const { lower, upper } = newcombe(one, 0.05);
        const other = newcombe(turned(one), 0.05);
        expect(other.lower).toBeCloseTo(-upper, 12);
        expect(other.upper).toBeCloseTo(-lower, 12);
        const wider = newcombe(one, 0.003);
        expect(wider.lower).toBeLessThanOrEqual(lower);
        expect(wider.upper).toBeGreaterThanOrEqual(upper);
        expect(lower >= -1 - 1e-12 && upper <= 1 + 1e-12).toBe(true);
        if (treatment.leads * control.leads === 0) return;
        const difference =
          treatment.successes / treatment.leads - control.successes / control.leads;
        expect(lower <= difference && difference <= upper).toBe(true);
      }),
    );
    expect(newcombe(rates(0, 0, 1, 2), 0.05)).toEqual({ lower: -1, upper: 1 });
    expect(() => newcombe(rates(3, 2, 1, 2), 0.05)).toThrow(RangeError);
  });
});

describe('a guardrail', () => {
  test('is safe, harmed, or neither, whichever way harm lies', () => {
    const more = (watched: Rates) => guardrail({ rates: watched, worse: 'more', margin: 0.05 });
    const fewer = (watched: Rates) =>
      guardrail({ rates: failures(watched), worse: 'fewer', margin: 0.05 });
    for (const [watched, verdict] of [
      [rates(20, 50, 5, 50), 'harm'],
      [rates(5, 50, 5, 50), 'not shown safe'],
      [rates(10, 500, 20, 500), 'safe'],
      [rates(0, 0, 5, 50), 'not shown safe'],
    ] as const) {
      expect(more(watched).verdict).toBe(verdict);
      expect(fewer(watched).verdict).toBe(verdict);
      expect(fewer(watched).limit).toBeCloseTo(more(watched).limit, 12);
      expect(fewer(watched).p).toBeCloseTo(more(watched).p, 9);
    }
    // The limit is one-sided: 5 % lie beyond it, not 2.5 %.
    const { limit } = more(rates(5, 50, 5, 50));
    expect(limit).toBeCloseTo(newcombe(rates(5, 50, 5, 50), 0.1).upper, 12);
  });
});
