/** The next number from 0 on, below 1. */
export type Random = () => number;

/**
 * xoshiro128++ of Blackman and Vigna (2019, prng.di.unimi.it): 2 ns a number, the same on every
 * machine. Its state comes from splitmix32 (Steele, Lea and Flood 2014, with the constants of
 * Wellons' lowbias32), so that seeds 1 and 2 have nothing in common.
 */
export function randomOf(seed: number): Random {
  const next = xoshiro128(splitmix(seed));
  return () => next() / 2 ** 32;
}

/** Whole numbers of 32 bits from a state that is not all 0. */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;
  return () => {
    const result = (turned(a + d, 7) + a) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = turned(d, 11);
    return result;
  };
}

/** A standard normal number, by Box and Muller (1958). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

function turned(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function splitmix(seed: number): [number, number, number, number] {
  const mixed = (place: number) => {
    let word = (seed + Math.imul(place, 0x9e3779b9)) | 0;
    word = Math.imul(word ^ (word >>> 16), 0x7feb352d);
    word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
    return word ^ (word >>> 16);
  };
  return [mixed(1), mixed(2), mixed(3), mixed(4)];
}
