/** The differences between the oracle's rows and the product's. */

import type { Row, Value } from './types.ts';

/** Columns that may be computed in floating point on either side: one cent of a unit is allowed. */
const TOLERANT = /_low$|_high$|_minutes$|^avg_days_to_convert$/;
const TOLERANCE = 0.01;
/** A moment that is only expected, by a pace: to the second. */
const EXPECTED = /^next_look_at$/;
/** Probabilities have six digits: the last may differ. */
const PROBABILITY = /^p_/;

function isSame(column: string, expected: Value, actual: Value | undefined): boolean {
  if (typeof expected === 'number' && typeof actual === 'number' && TOLERANT.test(column)) {
    return Math.abs(expected - actual) <= TOLERANCE + 1e-9;
  }
  if (typeof expected === 'number' && typeof actual === 'number' && PROBABILITY.test(column)) {
    return Math.abs(expected - actual) <= 1e-5 * expected;
  }
  if (typeof expected === 'string' && typeof actual === 'string' && EXPECTED.test(column)) {
    return Math.abs(Date.parse(expected) - Date.parse(actual)) <= 1000;
  }
  return expected === actual;
}

/**
 * One line for each difference, rows taken in order; empty when they agree. Every column of the
 * oracle's must be there; columns that only the product has are listed unless they are expected.
 */
export function differences(
  expected: readonly Row[],
  actual: readonly Row[],
  alsoAllowed: readonly string[] = [],
): string[] {
  const found: string[] = [];
  if (expected.length !== actual.length) {
    found.push(`${expected.length} rows expected, ${actual.length} found`);
  }
  expected.forEach((row, index) => {
    const other = actual[index] ?? {};
    for (const [column, value] of Object.entries(row)) {
      if (isSame(column, value, other[column])) continue;
      found.push(`row ${index} ${column}: ${value} expected, ${other[column]} found`);
    }
    for (const column of Object.keys(other)) {
      if (column in row || alsoAllowed.includes(column)) continue;
      found.push(`row ${index} ${column}: not expected, ${other[column]} found`);
    }
  });
  return found;
}
