import { plannedLevels } from '../../core/statistics/alpha-spending.ts';
import { binomialTest } from '../../core/statistics/binomial.ts';
import { boschloo, pooledTest, pooledZ } from '../../core/statistics/boschloo.ts';
import { fisher } from '../../core/statistics/fisher.ts';
import { holm } from '../../core/statistics/holm.ts';
import { newcombe, wilson } from '../../core/statistics/intervals.ts';
import {
  kaplanMeier,
  meanWait,
  medianWait,
  waitingAfter,
} from '../../core/statistics/kaplan-meier.ts';
import { mannWhitney } from '../../core/statistics/mann-whitney.ts';
import { normalQuantile, normalUpperTail } from '../../core/statistics/normal.ts';
import { leadsForRates, powerOfRates } from '../../core/statistics/power.ts';
import type { Rates } from '../../core/statistics/rates.ts';
import { logBayesFactors, pearson } from '../../core/statistics/sample-ratio.ts';

type Pair = [number, number];
const arm = ([successes, leads]: Pair) => ({ successes, leads });
const arms = (treatment: Pair, control: Pair): Rates => ({
  treatment: arm(treatment),
  control: arm(control),
});
const pair = ({ lower, upper }: { lower: number; upper: number }) => [lower, upper];

/** What we answer to a vector, in its own form; only the parts that we compute. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has its own inputs.
type Compute = (inputs: any, id: string) => unknown;

const ratio: Compute = ({ users: [treatment, control], weights: [split] }) => ({
  p_value: pearson({ treatment, control, split }).p,
});

const pooled: Compute = ({ treatment, control }) => ({
  p_value: pooledTest(arms(treatment, control)).twoSided,
});

/** R's tables of two columns are the arms; Fisher's are given as rows. */
const boschlooTable: Compute = ({ table: [[x1, x2], [y1, y2]], alternative }) => {
  const rates = arms([x1, x1 + y1], [x2, x2 + y2]);
  const one = fisher(rates);
  const [p, statistic] =
    alternative === 'greater' || alternative === 'less'
      ? [boschloo(rates)[alternative as 'less'], one[alternative as 'less']]
      : [boschloo(rates).twoSided, Math.min(one.greater, one.less)];
  return { p_value: p, fisher_statistic: statistic };
};

const fisherTable: Compute = ({ table: [[x1, y1], [x2, y2]] }) => {
  const p = fisher(arms([x1, x1 + y1], [x2, x2 + y2]));
  return { p_value: p.twoSided, p_two_sided: p.twoSided, p_greater: p.greater, p_less: p.less };
};

const rankTest: Compute = ({ x, y }) => {
  const { u, twoSided, less, greater } = mannWhitney({ treatment: x, control: y }, 0);
  return { U: u, without_cc: { two_sided: twoSided, less, greater } };
};

const proportions: Compute = ({ successes: [x1, x2], n: [n1, n2] }) => {
  const rates = arms([x1, n1], [x2, n2]);
  return { chi_squared: (pooledZ(rates) ?? 0) ** 2, p_value: pooledTest(rates).twoSided };
};

const oneRate: Compute = ({ x, successes = x, n, alpha, confidence }) => ({
  ci: pair(wilson({ successes, leads: n }, alpha ?? 1 - confidence)),
});

const exactRate: Compute = ({ successes, n, p0 }) => ({ p_value: binomialTest(successes, n, p0) });

const hybrid: Compute = ({ x1, n1, x2, n2, confidence }) => ({
  ci: pair(newcombe(arms([x1, n1], [x2, n2]), 1 - confidence)),
});

const split: Compute = ({ counts: [treatment, control], expected_weights: [share] }) => {
  const { chiSquared, p } = pearson({ treatment, control, split: share });
  const exact = binomialTest(treatment, treatment + control, share);
  return { chi_squared: chiSquared, p_chisq: p, p_binomial_exact: exact };
};

const sequentialSplit: Compute = ({ data, null: weights, dirichlet_alpha: prior }) => {
  const order = (data as number[][]).map((one) => one.indexOf(1));
  let sum = 0;
  const null0 = order.map((one) => {
    sum += Math.log(weights[one]);
    return sum;
  });
  const factors = logBayesFactors({ arms: order, weights, prior });
  return {
    log_marginal_M0: null0,
    log_marginal_M1: factors.map((factor, index) => factor + (null0[index] ?? 0)),
  };
};

const survival: Compute = (inputs) => {
  const curve = (arm: string) =>
    kaplanMeier(
      (inputs[`${arm}_minutes`] as number[]).map((minutes, index) => ({
        minutes,
        contacted: inputs[`${arm}_event`][index] === 1,
      })),
    );
  const both = [curve('control'), curve('treatment')] as const;
  const times = [5, 60, 240, 1440];
  const at = both.map((one) => times.map((time) => waitingAfter(one, time, 0.05)));
  const medians = both.map((one) => medianWait(one, 0.05));
  const means = both.map((one) => meanWait(one, 1440));
  return {
    median_ctl_trt: medians.map(({ median }) => median),
    median_lower_ctl_trt: medians.map(({ lower }) => lower),
    median_upper_ctl_trt: medians.map(({ upper }) => upper),
    surv_times: times,
    surv_ctl: at[0]?.map(({ share }) => share),
    se_ctl: at[0]?.map(({ standardError }) => standardError),
    surv_trt: at[1]?.map(({ share }) => share),
    se_trt: at[1]?.map(({ standardError }) => standardError),
    lower_trt: at[1]?.map(({ interval }) => interval?.lower),
    upper_trt: at[1]?.map(({ interval }) => interval?.upper),
    rmst_ctl_trt: means.map(({ mean }) => mean),
    rmst_se_ctl_trt: means.map(({ standardError }) => standardError),
  };
};

const power: Compute = ({ n_per_arm, p1, p2, alpha }) => ({
  power: powerOfRates({ leads: 2 * n_per_arm, split: 0.5, alpha, baseline: p1, effect: p2 - p1 }),
});

const leads: Compute = ({ p1, p2, alpha, power }) => ({
  n_per_arm: leadsForRates({ baseline: p1, effect: p2 - p1, split: 0.5, alpha, power }) / 2,
});

const levels: Compute = ({ information_fractions, alpha }) => {
  const planned = plannedLevels(alpha, information_fractions);
  return {
    z: planned.map(({ z }) => z),
    nominal_two_sided_p: planned.map(({ level }) => level),
    cumulative_alpha_spent: planned.map(({ spent }) => spent),
  };
};

const leadSized: Compute = ({ treatment, control, alpha }) => {
  const rates = arms(treatment, control);
  const { greater, less, twoSided } = boschloo(rates);
  return {
    boschloo_greater: greater,
    boschloo_less: less,
    boschloo_two_sided: twoSided,
    boschloo_greater_exhaustive_grid: greater,
    boschloo_less_exhaustive_grid: less,
    z_pooled: pooledZ(rates),
    p_z_pooled: pooledTest(rates).twoSided,
    diff_ci: { newcomb: pair(newcombe(rates, alpha)) },
  };
};

const each = (ids: string, compute: Compute) => ids.split(' ').map((id) => [id, compute] as const);

/** How each vector is computed that is. */
export const computed = new Map<string, Compute>([
  ...each('v019 v020 v021 v028', ratio),
  ...each('v031', pooled),
  ...each('v037 v040 v041 v043 v045 v046 v047 v049 v147 v149', fisherTable),
  ...each('v050 v051 v053 v054 v055 v057 v058 v059 v061 v062 v065 v066 v069 v070', boschlooTable),
  ...each('v079', rankTest),
  [
    'v080',
    ({ x, ys }) => ({
      U: (ys as number[][]).map((y) => mannWhitney({ treatment: x, control: y }).u),
    }),
  ],
  ...each('v093 v134 v138', oneRate),
  // One-sided at 5 % is one side of two-sided at 10 %: who crosses both bounds is 4e-5 of z.
  [
    'v099',
    ({ information_fractions }) => ({
      obf_one_sided_last_z: plannedLevels(0.1, information_fractions).at(-1)?.z,
    }),
  ],
  ...each('v103', sequentialSplit),
  ...each('v126 v128 v132', proportions),
  ...each('v135 v137', exactRate),
  ...each('v142 v143 v145', hybrid),
  ...each('v151 v154', split),
  ...each('v158', survival),
  ...each('v164 v166', power),
  ...each('v168', leads),
  ...each('v173 v174 v176 v177', levels),
  ...each('v179', ({ p }) => ({ adjusted: holm(p) })),
  ...each('v187', () => ({
    'qnorm_0.975': normalQuantile(0.975),
    qnorm_1e_7: normalQuantile(1e-7),
    'pnorm_minus4.8769': normalUpperTail(4.8769),
    'chisq_sf_10.8276_df1': 2 * normalUpperTail(Math.sqrt(10.8276)),
  })),
  ...each('v188 v190 v192', leadSized),
]);
