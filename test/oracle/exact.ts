/** Exact decimals: whole-number arithmetic, rounded half away from zero at the very end. */

import { MINUTE } from './local-time.ts';
import type { Cents, Micros } from './types.ts';

/** A 95 % interval's standard score. */
const Z = 1.959963984540054;

/** dividend / divisor to the nearest whole number, halves away from zero; divisor above 0. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

/** dividend / divisor with two decimals. */
export function twoDecimals(dividend: bigint, divisor: bigint): number {
  return Number(divideRounded(dividend * 100n, divisor)) / 100;
}

/** 100 · part / whole with two decimals, null when there is nothing to divide by. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : twoDecimals(100n * BigInt(part), BigInt(whole));
}

export type Interval = { low: number | null; high: number | null };

/** Wilson's 95 % score interval of a share, in percent with two decimals. */
export function wilson(part: number, whole: number): Interval {
  if (whole === 0) return { low: null, high: null };
  const share = part / whole;
  const shrink = 1 + (Z * Z) / whole;
  const centre = (share + (Z * Z) / (2 * whole)) / shrink;
  const variance = (share * (1 - share)) / whole + (Z * Z) / (4 * whole * whole);
  const reach = (Z * Math.sqrt(variance)) / shrink;
  const shown = (value: number) => Math.round(10_000 * Math.min(1, Math.max(0, value))) / 100;
  return { low: shown(centre - reach), high: shown(centre + reach) };
}

function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

/** The mean of durations in a unit (a minute, a day) with two decimals. */
export function meanDuration(durations: readonly Micros[], unit: Micros): number | null {
  if (durations.length === 0) return null;
  return twoDecimals(sumOf(durations), BigInt(durations.length) * unit);
}

function ascending(values: readonly bigint[]): bigint[] {
  return [...values].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

/** A percentile between neighbours, as `percentile_cont` interpolates; tenths: 5 is the median. */
export function interpolatedMinutes(durations: readonly Micros[], tenths: number): number | null {
  const sorted = ascending(durations);
  if (sorted.length === 0) return null;
  const position = tenths * (sorted.length - 1);
  const index = Math.floor(position / 10);
  const lower = sorted[index] ?? 0n;
  const upper = sorted[index + 1] ?? lower;
  const tenfold = 10n * lower + BigInt(position % 10) * (upper - lower);
  return twoDecimals(tenfold, 10n * MINUTE);
}

/**
 * The smallest duration that at least `tenths` tenths of the set do not exceed, as
 * `percentile_disc`; null in the set means never, and so does a null answer.
 */
export function discreteMinutes(
  durations: readonly (Micros | null)[],
  tenths: number,
): number | null {
  const reached = ascending(durations.filter((duration) => duration !== null));
  const place = Math.max(1, Math.ceil((tenths * durations.length) / 10));
  const duration = reached[place - 1];
  return duration === undefined ? null : twoDecimals(duration, MINUTE);
}

/** `12500.00`. */
export function formatCents(cents: Cents): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function totalMoney(values: readonly Cents[]): string | null {
  return values.length === 0 ? null : formatCents(sumOf(values));
}

export function averageMoney(values: readonly Cents[]): string | null {
  if (values.length === 0) return null;
  return formatCents(divideRounded(sumOf(values), BigInt(values.length)));
}
