import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextLevel, plannedLevels } from '../../core/statistics/alpha-spending.ts';
import { normalDensity, normalUpperTail } from '../../core/statistics/normal.ts';

const alpha = 0.05;
const levelAt = (information: number, past: { information: number; level: number }[] = []) =>
  nextLevel({ alpha, target: 100, past, next: { information, final: false } });
const lastAt = (information: number, past: { information: number; level: number }[] = []) =>
  nextLevel({ alpha, target: 100, past, next: { information, final: true } });

/** P(|Z| crosses at the first of two looks, or at the second alone), by a plain sum. */
function eitherOf(first: { t: number; z: number }, second: { t: number; z: number }): number {
  const points = 20_000;
  const correlation = Math.sqrt(first.t / second.t);
  const rest = Math.sqrt(1 - first.t / second.t);
  let later = 0;
  for (let index = 0; index < points; index += 1) {
    const x = -first.z + ((index + 0.5) / points) * 2 * first.z;
    const above = normalUpperTail((second.z - correlation * x) / rest);
    const below = normalUpperTail((second.z + correlation * x) / rest);
    later += normalDensity(x) * (above + below);
  }
  return 2 * normalUpperTail(first.z) + (later * 2 * first.z) / points;
}

describe('looks', () => {
  test('one look alone has the whole alpha', () => {
    expect(plannedLevels(alpha, [1])).toMatchObject([{ level: expect.closeTo(alpha, 12) }]);
    expect(lastAt(100).spent).toBeCloseTo(alpha, 14);
  });

  test.each([
    [0.5, 1],
    [0.3, 0.97],
    [0.9, 1],
    [0.99, 1],
  ])('at %d and %d together err as often as the spending says', (t, end) => {
    const [first, second] = plannedLevels(alpha, [t, end]);
    const all = eitherOf({ t, z: first?.z ?? 0 }, { t: end, z: second?.z ?? 0 });
    expect(Math.abs(all - alpha)).toBeLessThan(1e-7);
  });

  test('spend more and more, alpha in the end and never more', () => {
    const some = fc
      .uniqueArray(fc.integer({ min: 5, max: 99 }), { maxLength: 6 })
      .map((shares) => [...shares.sort((one, other) => one - other), 100].map((one) => one / 100));
    fc.assert(
      fc.property(some, fc.constantFrom(0.01, 0.05, 0.1), (looks, most) => {
        const levels = plannedLevels(most, looks);
        for (const [index, { spent, level, z }] of levels.entries()) {
          expect(spent).toBeGreaterThanOrEqual(levels[index - 1]?.spent ?? 0);
          expect(spent).toBeLessThanOrEqual(most + 1e-12);
          expect(level).toBeLessThanOrEqual(most + 1e-12);
          if (level > 0) expect(2 * normalUpperTail(z)).toBeCloseTo(level, 12);
        }
        expect(levels.at(-1)?.spent).toBeCloseTo(most, 9);
      }),
      { numRuns: 10 },
    );
  });

  test('counts leads or shares alike', () => {
    const inShares = plannedLevels(alpha, [0.5, 0.75, 1]);
    const past = [{ information: 50, level: inShares[0]?.level ?? 0 }];
    expect(levelAt(50).level).toBe(inShares[0]?.level);
    expect(levelAt(75, past).level).toBeCloseTo(inShares[1]?.level ?? 0, 14);
  });

  test('keep a level that was used, also one that no plan would give', () => {
    const strict = levelAt(75, [{ information: 50, level: 0.0001 }]);
    const asPlanned = levelAt(75, [{ information: 50, level: levelAt(50).level }]);
    const lavish = levelAt(75, [{ information: 50, level: 0.015 }]);
    expect(strict.level).toBeGreaterThan(asPlanned.level);
    expect(lavish.level).toBeLessThan(asPlanned.level);
    expect(strict.spent).toBeCloseTo(asPlanned.spent, 12);
    expect(lavish.spent).toBeCloseTo(asPlanned.spent, 12);
  });

  test('have nothing left once all is spent, and do not fail of it', () => {
    const past = [{ information: 50, level: 0.06 }];
    expect(lastAt(100, past)).toMatchObject({ level: 0, z: Number.POSITIVE_INFINITY });
    expect(lastAt(100, past).spent).toBeCloseTo(0.06, 12);
    // A look of 0 stops nobody, and takes nothing from those after it.
    expect(levelAt(5).level).toBe(0);
    expect(lastAt(100, [{ information: 5, level: 0 }]).level).toBeCloseTo(alpha, 9);
  });

  test('the last one spends all, with more leads than planned or with fewer', () => {
    const past = [{ information: 50, level: levelAt(50).level }];
    const [fewer, planned, more] = [60, 100, 140].map((leads) => lastAt(leads, past));
    for (const one of [fewer, planned, more]) expect(one?.spent).toBeCloseTo(alpha, 12);
    // The nearer to the look before, the more it repeats it: the less is lost by looking twice.
    expect(fewer?.level).toBeGreaterThan(0.047);
    expect(planned?.level).toBeCloseTo(0.0489995, 6);
    expect(more?.level).toBeLessThan(planned?.level ?? 0);
    const { z } = more ?? { z: 0 };
    const all = eitherOf({ t: 50, z: levelAt(50).z }, { t: 140, z });
    expect(Math.abs(all - alpha)).toBeLessThan(1e-7);
  });

  test('one lead apart are told apart', () => {
    const first = { information: 4000, level: 0.01 };
    const plan = { alpha, target: 5000, past: [first] };
    const next = nextLevel({ ...plan, next: { information: 4001, final: true } });
    const z = 2.5758293035489;
    const all = eitherOf({ t: 4000, z }, { t: 4001, z: next.z });
    expect(Math.abs(all - alpha)).toBeLessThan(1e-6);
  });

  test('refuse what is no plan', () => {
    const past = [{ information: 50, level: 0.003 }];
    for (const information of [50, 49, 0, -1, Number.NaN]) {
      expect(() => levelAt(information, past)).toThrow(RangeError);
    }
    expect(() => plannedLevels(0, [1])).toThrow(RangeError);
    expect(() => plannedLevels(1, [1])).toThrow(RangeError);
    expect(() => plannedLevels(alpha, [0.5, 0.5, 1])).toThrow(RangeError);
  });
});
