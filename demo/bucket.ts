/**
 * Where between 0 and 1 a value falls under a seed, in steps of 0.0001: GrowthBook's hash, version
 * 2, as `experiment_bucket` has it.
 */
export function bucketOf(seed: string, value: string): number {
  return (fnv1a(String(fnv1a(seed + value))) % 10_000) / 10_000;
}

function fnv1a(text: string): number {
  const add = (hash: number, byte: number) => Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return new TextEncoder().encode(text).reduce(add, 0x811c9dc5);
}
