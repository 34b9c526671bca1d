import type * as Spending from '../../core/statistics/alpha-spending.ts';
import type * as Binomial from '../../core/statistics/binomial.ts';
import type * as Exact from '../../core/statistics/boschloo.ts';

/*
 * The same tables and ledgers come again and again: Boschloo's test takes 1.5 ms, and 5,000
 * experiments ask for it 20,000 times. What is remembered is the product's own answer.
 */

/** Boschloo's test, computed once for each table. */
export async function rememberedTest(original: () => Promise<typeof Exact>) {
  const actual = await original();
  const known = new Map<number, ReturnType<typeof Exact.boschloo>>();
  return {
    ...actual,
    boschloo(rates: Parameters<typeof Exact.boschloo>[0]) {
      const { treatment: t, control: c } = rates;
      const key = [t.successes, t.leads, c.successes, c.leads].reduce(
        (sum, n) => sum * 4096 + n,
        0,
      );
      const answer = known.get(key) ?? actual.boschloo(rates);
      known.set(key, answer);
      return answer;
    },
  };
}

/** The level of a look, computed once for each ledger. */
export async function rememberedLevels(original: () => Promise<typeof Spending>) {
  const actual = await original();
  const known = new Map<string, Spending.Level>();
  return {
    ...actual,
    nextLevel(plan: Parameters<typeof Spending.nextLevel>[0]) {
      const key = JSON.stringify(plan);
      const answer = known.get(key) ?? actual.nextLevel(plan);
      known.set(key, answer);
      return answer;
    },
  };
}

/** The masses of an arm: those of the first rates asked for, which are the test's grid. */
export async function rememberedMasses(original: () => Promise<typeof Binomial>) {
  const actual = await original();
  const known = new Map<number, Map<number, Binomial.Masses>>();
  return {
    ...actual,
    binomialMasses(leads: number, rate: number) {
      const ofLeads = known.get(leads) ?? new Map<number, Binomial.Masses>();
      known.set(leads, ofLeads);
      const masses = ofLeads.get(rate) ?? actual.binomialMasses(leads, rate);
      if (ofLeads.size < 1001) ofLeads.set(rate, masses);
      return masses;
    },
  };
}
