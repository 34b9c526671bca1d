import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';
import binomialPmf from '@stdlib/stats-base-dists-binomial-pmf';
import hypergeometricPmf from '@stdlib/stats-base-dists-hypergeometric-pmf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialMass, binomialMasses, binomialTest } from '../../core/statistics/binomial.ts';
import {
  hypergeometricMass,
  hypergeometricUpperTail,
} from '../../core/statistics/hypergeometric.ts';
import { normalDensity, normalQuantile, normalUpperTail } from '../../core/statistics/normal.ts';
import { choose, fisherGreater, quotient } from './exact.ts';

const range = (from: number, to: number, steps: number) =>
  Array.from({ length: steps + 1 }, (_, index) => from + ((to - from) * index) / steps);
const apart = (one: number, other: number) => Math.abs(one / other - 1);
/** The largest of what is said of each; NaN is the worst. */
const worst = (errors: number[]) => errors.reduce((most, one) => (one <= most ? most : one), 0);

describe('the normal distribution', () => {
  test('its tail is @stdlib’s from −38 to 37', () => {
    const errors = range(-38, 37.5, 20_000).map((z) =>
      apart(normalUpperTail(z), 0.5 * erfc(z * Math.SQRT1_2)),
    );
    expect(worst(errors)).toBeLessThan(3e-13);
  });

  test('its quantile is @stdlib’s from 1e-300 to one half', () => {
    const errors = range(-300, Math.log10(0.49), 10_000).map((log) =>
      apart(normalQuantile(10 ** log), -Math.SQRT2 * erfcinv(2 * 10 ** log)),
    );
    expect(worst(errors)).toBeLessThan(1e-13);
  });

  test('quantile and tail undo each other, on both sides alike', () => {
    for (const z of range(-8, 8, 999)) {
      expect(Math.abs(normalQuantile(normalUpperTail(z)) + z)).toBeLessThan(z < -5 ? 0.1 : 1e-9);
      expect(normalUpperTail(z) + normalUpperTail(-z)).toBeCloseTo(1, 15);
    }
  });

  test('its ends are where they belong', () => {
    expect(Math.abs(normalQuantile(0.5))).toBeLessThan(1e-16);
    expect([0, 1, -0.1, Number.NaN].map(normalQuantile)).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      Number.NaN,
    ]);
    const ends = [Number.NEGATIVE_INFINITY, 0, 40, Number.POSITIVE_INFINITY, Number.NaN];
    expect(ends.map(normalUpperTail)).toEqual([1, 0.5, 0, 0, Number.NaN]);
    expect(normalDensity(0)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 15);
  });
});

const sizes = [1, 2, 7, 15, 16, 17, 50, 100, 333, 1000, 5000];
const rates = [1e-4, 0.003, 0.02, 0.1, 0.25, 0.5, 0.77, 0.99, 0.9999];

describe('the binomial distribution', () => {
  test.each(sizes)('of %i leads is @stdlib’s down to 1e-290', (n) => {
    const counts = range(0, n, Math.min(n, 100)).map(Math.round);
    const errors = rates.flatMap((rate) =>
      counts.map((k) => {
        const theirs = binomialPmf(k, n, rate);
        return theirs < 1e-290 ? 0 : apart(binomialMass(k, n, rate), theirs);
      }),
    );
    expect(worst(errors)).toBeLessThan(2e-12);
  });

  test.each(sizes)('all masses of %i leads that matter are there, and each is right', (n) => {
    for (const rate of [0, 1, ...rates]) {
      const { first, masses } = binomialMasses(n, rate);
      expect(Math.abs(masses.reduce((sum, mass) => sum + mass, 0) - 1)).toBeLessThan(2e-13);
      const errors = [...masses].map((mass, index) => {
        const exact = binomialMass(first + index, n, rate);
        return mass === exact ? 0 : apart(mass, exact);
      });
      expect(worst(errors)).toBeLessThan(1e-12);
    }
  });

  test('the exact test has its limits', () => {
    expect(binomialTest(0, 0, 0.5)).toBe(1);
    expect(binomialTest(50, 100, 0.5)).toBeCloseTo(1, 13);
    expect(binomialTest(0, 10, 0.5)).toBeCloseTo(2 / 1024, 14);
    expect(binomialTest(0, 3, 0.9)).toBeCloseTo(0.001, 14);
    // As the specification has it: at 100 leads 33 and 67 are below 0.001, 34 and 66 are not.
    const small = (k: number) => binomialTest(k, 100, 0.5) < 0.001;
    expect([33, 34, 66, 67].map(small)).toEqual([true, false, false, true]);
  });
});

describe('the hypergeometric distribution', () => {
  const drawn = fc
    .record({
      treatment: fc.integer({ min: 1, max: 300 }),
      control: fc.integer({ min: 1, max: 300 }),
    })
    .chain(({ treatment, control }) =>
      fc.record({
        treatment: fc.constant(treatment),
        control: fc.constant(control),
        a: fc.integer({ min: 0, max: treatment }),
        b: fc.integer({ min: 0, max: control }),
      }),
    );

  test('is what whole numbers say, mass and tail', () => {
    fc.assert(
      fc.property(drawn, ({ treatment, control, a, b }) => {
        const draw = { inTreatment: a, successes: a + b, treatment, control };
        const ways = choose(treatment, a) * choose(control, b);
        const mass = quotient(ways, choose(treatment + control, a + b));
        if (mass > 1e-290) expect(apart(hypergeometricMass(draw), mass)).toBeLessThan(1e-12);
        const tail = fisherGreater(a, treatment, b, control);
        if (tail > 1e-290) expect(apart(hypergeometricUpperTail(draw), tail)).toBeLessThan(1e-12);
      }),
      { numRuns: 200 },
    );
  });

  // @stdlib takes differences of log n!, which lose digits as arms grow.
  test.each([
    [1, 1],
    [15, 16],
    [50, 50],
    [20, 80],
    [500, 500],
    [100, 20_000],
  ])('of %i and %i leads is @stdlib’s', (treatment, control) => {
    const all = treatment + control;
    const errors = [0.01, 0.1, 0.5, 0.9].flatMap((share) => {
      const successes = Math.round(all * share);
      const [least, most] = [Math.max(0, successes - control), Math.min(treatment, successes)];
      return range(least, most, Math.max(1, Math.min(most - least, 60))).map((count) => {
        const inTreatment = Math.round(count);
        const theirs = hypergeometricPmf(inTreatment, all, treatment, successes);
        const ours = hypergeometricMass({ inTreatment, successes, treatment, control });
        return theirs < 1e-290 ? 0 : apart(ours, theirs);
      });
    });
    expect(worst(errors)).toBeLessThan(1e-9);
  });
});
