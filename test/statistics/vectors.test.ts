import { describe, expect, test } from 'vitest';
import { computed } from './computed.ts';
import { answersOf, hashVectors, type Vector, vectors } from './vectors.ts';

/** Vectors, or answers of one, that belong to methods the product does not use. */
const notUsed: Record<string, string> = {
  v022: 'an arm without leads is not left out: a split is never 0 or 1',
  v024: 'an experiment has two arms',
  v033: 'the unpooled Wald interval: Newcombe’s keeps its level at 50 leads an arm',
  v036: 'G*Power’s 852 and 738, where R’s formula, which v168 has, gives 745 and 644',
  'v031 diff': 'a subtraction',
  'v031 ci': 'the unpooled Wald interval',
  'v079 with_cc': 'without continuity correction',
  'v080 p_value': 'without continuity correction',
  'v099 pocock': 'O’Brien–Fleming type alone',
  'v126 estimates': 'a division',
  'v128 estimates': 'a division',
  'v132 estimates': 'a division',
  'v126 diff_ci': 'the unpooled Wald interval',
  'v128 diff_ci': 'the unpooled Wald interval',
  'v132 diff_ci': 'the unpooled Wald interval',
  'v135 ci': 'the Clopper–Pearson interval: Wilson’s instead',
  'v137 ci': 'the Clopper–Pearson interval: Wilson’s instead',
  'v142 diff': 'a subtraction',
  'v143 diff': 'a subtraction',
  'v145 diff': 'a subtraction',
  'v147 conditional_mle': 'no odds ratio is shown',
  'v149 conditional_mle': 'no odds ratio is shown',
  'v187 pt_': 'no t-test',
  'v187 qt_': 'no t-test',
  'v187 qbeta_': 'no beta distribution: no Clopper–Pearson, no Bayesian display',
  'v187 pbeta_': 'no beta distribution: no Clopper–Pearson, no Bayesian display',
  'v187 lgamma_': 'masses by the saddle point, without log Γ',
  ...Object.fromEntries(
    ['v188', 'v190', 'v192'].flatMap((id) => [
      [`${id} diff_ci.score`, 'Miettinen–Nurminen: Newcombe’s instead'],
      [`${id} diff_ci.agresti-caffo`, 'Newcombe’s instead'],
      [`${id} diff_ci.wald`, 'the unpooled Wald interval'],
      [`${id} ratio_`, 'no interval of the lift'],
    ]),
  ),
};

/** Computed by PostgreSQL, and compared there. */
const inSql = new Set(hashVectors.map(({ id }) => id));

const leftOut = (id: string, path: string) =>
  Object.keys(notUsed).some((key) => `${id} ${path}`.startsWith(key));

const toleranceOf = ({ tolerance }: Vector, path: string, expected: number) => {
  if (typeof tolerance === 'number') return tolerance;
  if (tolerance.relative) return tolerance.relative * expected;
  return (path.startsWith('boschloo') ? tolerance.boschloo : tolerance.others) ?? 0;
};

describe('known answers', () => {
  test.each(vectors.filter(({ id }) => computed.has(id)))('$id $kind', (vector) => {
    const ours = new Map(answersOf(computed.get(vector.id)?.(vector.inputs, vector.id)));
    for (const [path, expected] of answersOf(vector.expected)) {
      if (leftOut(vector.id, path)) continue;
      const answer = ours.get(path);
      expect(answer, path).toBeTypeOf('number');
      const error = Math.abs(Number(answer) - Number(expected));
      expect(error, path).toBeLessThanOrEqual(toleranceOf(vector, path, Number(expected)));
    }
  });

  test('each answer is compared here, or in SQL, or is of a method not used', () => {
    const ways = ({ id, expected }: Vector) =>
      answersOf(expected).map(([path]) => [
        `${id} ${path}`,
        Number(computed.has(id) && !leftOut(id, path)) +
          Number(inSql.has(id)) +
          Number(leftOut(id, path)),
      ]);
    expect(vectors.flatMap(ways).filter(([, count]) => count !== 1)).toEqual([]);
    expect(vectors).toHaveLength(71);
  });

  test('nothing is named as not used that is no vector', () => {
    const all = vectors.flatMap(({ id, expected }) =>
      answersOf(expected).map(([path]) => `${id} ${path}`),
    );
    const names = [...Object.keys(notUsed), ...[...computed.keys()].map((id) => `${id} `)];
    expect(names.filter((name) => !all.some((one) => one.startsWith(name)))).toEqual([]);
  });
});
