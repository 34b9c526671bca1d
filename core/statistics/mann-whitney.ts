import { normalUpperTail } from './normal.ts';
import { bothSides, type PValues } from './rates.ts';

/** Minutes of each arm's leads, capped; who was not contacted stands at the cap. */
export type Minutes = { treatment: readonly number[]; control: readonly number[] };

/** `greater`: treatment takes longer; `less`: it is faster. */
export type RankTest = PValues & {
  /** Mann–Whitney's U of treatment: pairs in which it took longer, half of the ties. */
  u: number;
  /**
   * U's distance from the middle in standard deviations, corrected for ties; 0 when all are tied.
   */
  z: number;
  /** P(treatment faster) + P(tie)/2: ½ is no difference; null for an empty arm. */
  winProbability: number | null;
  /** How much of U's variance ties leave: 1 without ties, 0 when all are tied. */
  untied: number;
};

/**
 * The worst-rank Mann–Whitney test (Lachin 1999) on capped minutes: midranks, normal with tie
 * correction and without continuity correction; up to 30 leads together (`exactUpTo`) the exact
 * permutation distribution of the midranks, central (twice the smaller side). All tied or an empty
 * arm: 1. Errors: exact below 1e-12, the normal form as R's `wilcox.test(correct = FALSE)`. Throws
 * a RangeError on minutes that are not a number.
 */
export function mannWhitney({ treatment, control }: Minutes, exactUpTo = 30): RankTest {
  const { doubled, ties } = midranks([...treatment, ...control]);
  const sum = doubled.slice(0, treatment.length).reduce((total, rank) => total + rank, 0);
  return rankTest({
    treatment: treatment.length,
    control: control.length,
    rankSum: sum / 2,
    ties,
    doubled: treatment.length + control.length <= exactUpTo ? doubled : null,
  });
}

/** What the test needs to know of the ranks. */
export type Ranks = {
  treatment: number;
  control: number;
  /** Treatment's, of midranks. */
  rankSum: number;
  /** The sum of c³ − c over ties of c leads. */
  ties: number;
  /** Twice each midrank, treatment's first: then the permutation distribution is exact. */
  doubled: readonly number[] | null;
};

/** The same test where ranks were summed elsewhere. */
export function rankTest({ treatment: n, control: m, rankSum, ties, doubled }: Ranks): RankTest {
  const u = rankSum - (n * (n + 1)) / 2;
  const winProbability = n * m === 0 ? null : 1 - u / (n * m);
  const all = n + m;
  const untied = all < 2 ? 1 : 1 - ties / (all ** 3 - all);
  if (n * m === 0 || untied === 0) {
    return { u, z: 0, winProbability, untied, greater: 1, less: 1, twoSided: 1 };
  }
  const z = (u - (n * m) / 2) / Math.sqrt((n * m * (all + 1) * untied) / 12);
  const sides =
    doubled !== null
      ? permutationTails(doubled, n, 2 * rankSum)
      : { greater: normalUpperTail(z), less: normalUpperTail(-z) };
  return { u, z, winProbability, untied, ...bothSides(sides) };
}

/**
 * Twice each value's rank, so that the middle of a tie is whole too; and the sum of c³ − c over
 * ties.
 */
function midranks(values: readonly number[]): { doubled: number[]; ties: number } {
  if (values.some(Number.isNaN)) throw new RangeError('Minutes must be numbers');
  const order = [...values.keys()].sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const doubled = new Array<number>(values.length).fill(0);
  let ties = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = values[order[from] ?? 0];
    while (to < order.length && values[order[to] ?? 0] === value) to += 1;
    for (const index of order.slice(from, to)) doubled[index] = from + to + 1;
    ties += (to - from) ** 3 - (to - from);
  }
  return { doubled, ties };
}

/**
 * Of all ways to choose treatment's leads, the share with a rank sum as large, or as small, as the
 * observed.
 */
function permutationTails(doubled: readonly number[], chosen: number, observed: number) {
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: chosen + 1 }, () => new Float64Array(total + 1));
  ways[0]?.fill(1, 0, 1);
  for (const rank of doubled) {
    for (let count = chosen; count > 0; count -= 1) {
      const fewer = ways[count - 1];
      ways[count]?.forEach((_, index, sums) => {
        const sum = total - index;
        if (sum >= rank) sums[sum] = (sums[sum] ?? 0) + (fewer?.[sum - rank] ?? 0);
      });
    }
  }
  const all = [...(ways[chosen] ?? [])];
  const count = (some: number[]) => some.reduce((sum, one) => sum + one, 0);
  const every = count(all);
  return {
    greater: count(all.slice(observed)) / every,
    less: count(all.slice(0, observed + 1)) / every,
  };
}
