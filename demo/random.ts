import { v7 } from 'uuid';

/** Choices that the seed alone decides. */
export interface Random {
  /** From 0 up to below 1. */
  next(): number;
  between(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as often as its weight says. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T;
  /** Around the median, with a long tail: two in three between a `spread`-th and `spread` times. */
  skewed(median: number, spread: number): number;
  /** How many come where `mean` are expected. */
  poisson(mean: number): number;
  /** An id as of a moment (milliseconds since 1970): those of later moments are greater. */
  idAt(at: number): string;
}

/** The same seed gives the same choices (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const pick = <T>(items: readonly T[]) => items[Math.floor(next() * items.length)] as T;
  const byte = () => Math.floor(next() * 256);
  return {
    next,
    pick,
    between: (low, high) => low + next() * (high - low),
    chance: (share) => next() < share,
    weighted(items, weightOf) {
      let left = next() * items.reduce((sum, item) => sum + weightOf(item), 0);
      const isDrawn = (item: (typeof items)[number]) => {
        left -= weightOf(item);
        return left < 0;
      };
      return items.find(isDrawn) ?? pick(items);
    },
    skewed: (median, spread) => median * spread ** normal(),
    poisson(mean) {
      // Knuth's: fast for the few leads of an hour.
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count += 1;
      return count;
    },
    idAt: (at) =>
      v7({ msecs: Math.floor(at), seq: 0, random: Uint8Array.from({ length: 16 }, byte) }),
  };
}
