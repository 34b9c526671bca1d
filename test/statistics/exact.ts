/** n over k, as a whole number. */
export function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let ways = 1n;
  for (let i = 1; i <= k; i += 1) ways = (ways * BigInt(n - k + i)) / BigInt(i);
  return ways;
}

/** A quotient of whole numbers of any size, to 17 digits, also far below 1. */
export function quotient(above: bigint, below: bigint): number {
  if (above === 0n) return 0;
  const digits = below.toString().length - above.toString().length + 20;
  return Number((above * 10n ** BigInt(Math.max(0, digits))) / below) / 10 ** Math.max(0, digits);
}

/** P(a or more in treatment) by Fisher's fixed margins: whole numbers alone. */
export function fisherGreater(a: number, treatment: number, b: number, control: number): number {
  let ways = 0n;
  for (let k = a; k <= Math.min(treatment, a + b); k += 1) {
    ways += choose(treatment, k) * choose(control, a + b - k);
  }
  return quotient(ways, choose(treatment + control, a + b));
}

/** P(k of n) as a plain product. */
export function binomial(k: number, n: number, rate: number): number {
  return Number(choose(n, k)) * rate ** k * (1 - rate) ** (n - k);
}
