/**
 * Holm's step-down adjustment (1979): compare each answer with alpha, and the chance of any false
 * one stays below it, however the tests depend on each other. In the order given, as R's
 * `p.adjust('holm')`.
 */
export function holm(p: readonly number[]): number[] {
  const adjusted = [...p];
  let largest = 0;
  const order = [...p.keys()].sort((one, other) => (p[one] ?? 0) - (p[other] ?? 0));
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * (p[index] ?? 0)));
    adjusted[index] = largest;
  }
  return adjusted;
}
