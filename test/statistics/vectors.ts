import file from './vectors.json' with { type: 'json' };

/** A known answer that others published, or that R, SciPy or statsmodels gave. */
export type Vector = {
  id: string;
  kind: string;
  what: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own inputs and answers.
  inputs: any;
  expected: unknown;
  tolerance: number | Record<string, number>;
};

export const vectors = file as Vector[];

/** GrowthBook's buckets: `inputs` are seed, value and version, `expected` is the bucket. */
export const hashVectors = vectors.filter(({ kind }) => kind === 'hash');

/** The answers of a vector, each by its path: `diff_ci.wald.0`. */
export function answersOf(expected: unknown, path = ''): [string, unknown][] {
  if (typeof expected !== 'object' || expected === null) return [[path, expected]];
  return Object.entries(expected).flatMap(([key, value]) =>
    answersOf(value, path === '' ? key : `${path}.${key}`),
  );
}
