import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts, Outcome, Plan, Taken } from '../../../core/experiments/facts.ts';
import { type DecisionCode, judge } from '../../../core/experiments/judge.ts';
import { resultOf } from '../../../core/experiments/result.ts';
import { factsOf, type Metrics, type Watched } from '../../simulation/facts.ts';
import { dayMinutes, type Person } from '../../simulation/people.ts';

const minutes = fc.option(fc.integer({ min: 0, max: 70 * dayMinutes }), { nil: undefined });

const person: fc.Arbitrary<Person> = fc.record({
  at: fc.integer({ min: 0, max: 60 * dayMinutes }),
  treated: fc.boolean(),
  contacted: minutes,
  converted: minutes,
  dead: minutes,
  reason: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    fc.constantFrom('test' as const, 'duplicate' as const, 'contacted_before' as const),
    fc.constant('both_arms' as const),
  ),
});

/** Many who are alike, so that arms differ by far; and few of any kind. */
const people = fc
  .array(fc.tuple(person, fc.integer({ min: 1, max: 15 })), { maxLength: 7 })
  .map((groups) => groups.flatMap(([one, count]) => Array.from({ length: count }, () => one)))
  .map((all) => all.toSorted((one, other) => one.at - other.at));

const watched = (role: Watched['role'], metric: Watched['metric']) =>
  fc.record({
    role: fc.constant(role),
    metric: fc.constant(metric),
    window_hours: fc.constantFrom(1, 24, 72, 240),
    margin: fc.constant(role === 'guardrail' ? 0.05 : null),
  });
const primary = fc.oneof(
  watched('primary', 'response_rate'),
  watched('primary', 'time_to_contact'),
  watched('primary', 'dead_rate'),
);

const looks = fc.constantFrom([1], [0.5, 1], [0.5, 0.75, 1], [0.2, 0.4, 0.6, 1]);
const plan: fc.Arbitrary<Plan> = fc.record({
  traffic_split: fc.constantFrom(0.01, 0.3, 0.5, 0.5, 0.5, 0.7),
  target_sample_size: fc.integer({ min: 20, max: 100 }),
  min_duration_days: fc.integer({ min: 0, max: 40 }),
  max_duration_days: fc.integer({ min: 1, max: 90 }),
  alpha: fc.constantFrom(0.001, 0.05, 0.2),
  power: fc.constantFrom(0.5, 0.8, 0.99),
  looks,
  min_effect: fc.option(fc.constantFrom(0.001, 0.25, 0.99, 30)),
  baseline_rate: fc.option(fc.constantFrom(0, 0.1, 0.4, 1)),
});

/** Looks that were taken in their order, each with what it may have had and may have been given. */
function ledger({ looks: shares, target_sample_size: leads, alpha }: Plan): fc.Arbitrary<Taken[]> {
  const level = fc.constantFrom(0, 1e-300, 0.002, 0.06, 0.4);
  const one = fc.tuple(
    fc.boolean(),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    level,
  );
  const taken = fc.array(one, { minLength: shares.length, maxLength: shares.length });
  return fc.tuple(taken, fc.nat({ max: shares.length })).map(([all, most]) =>
    all.slice(0, most).flatMap(([isTaken, beyond, part], index) => {
      const share = shares[index] ?? 1;
      const next = shares[index + 1] ?? 2;
      // Of whole people: two looks with less than one between them there are not.
      const had = Math.ceil(leads * share + beyond * (leads * (next - share) - 1) - 1e-9);
      const information = had / leads;
      return isTaken ? [{ planned: index + 1, information, p_allowed: part * alpha }] : [];
    }),
  );
}

const scene = fc
  .tuple(plan, people, primary, fc.integer({ min: 0, max: 100 }))
  .chain(([plan, people, first, day]) =>
    fc.record({
      plan: fc.constant(plan),
      facts: fc.tuple(ledger(plan), watched('guardrail', 'dead_rate')).chain(([looks, guard]) =>
        fc
          .tuple(watched('secondary', 'conversion_rate'), fc.boolean())
          .map(([second, isAlone]): Facts => {
            const metrics: Metrics = isAlone ? [first] : [first, guard, second];
            return factsOf({ people, metrics, day, looks });
          }),
      ),
    }),
  );

const swappedArms = <T>({ control, treatment, ...rest }: { control: T; treatment: T }) => ({
  ...rest,
  control: treatment,
  treatment: control,
});

/** The same people, each called by the other arm's name. */
function mirrored(facts: Facts): Facts {
  const { people } = facts;
  const { assigned, excluded } = people;
  const outcome = (one: Outcome): Outcome => {
    const all = one.control.n + one.treatment.n;
    const { rank_sum, doubled_ranks: ranks } = one;
    return {
      ...one,
      control: one.treatment,
      treatment: one.control,
      rank_sum: rank_sum === null ? null : (all * (all + 1)) / 2 - rank_sum,
      doubled_ranks: ranks && [...ranks.slice(one.treatment.n), ...ranks.slice(0, one.treatment.n)],
    };
  };
  const [first, ...others] = facts.metrics;
  return {
    ...facts,
    people: {
      assigned: swappedArms(assigned),
      excluded: { ...excluded, control: excluded.treatment, treatment: excluded.control },
    },
    arms: facts.arms.replace(/./g, (arm) => (arm === 'T' ? 'C' : 'T')),
    metrics: [outcome(first), ...others.map(outcome)],
  };
}

describe('a judgement', () => {
  test('is there for whatever was seen, and says it in words', () => {
    const seen = new Set<DecisionCode>();
    fc.assert(
      fc.property(scene, ({ facts, plan }) => {
        const judgement = judge(facts, plan);
        const result = resultOf(facts, plan, judgement);
        expect(result.decision_reason).not.toMatch(/NaN|Infinity|undefined|null|[-−]0(?![.\d])/);
        expect(result.decision_reason).toMatch(/^(KEEP: |KILL: |INCONCLUSIVE: )?\d.*\.$/);
        // JSON would make null of what is no number, and the column would take it.
        const numbers = JSON.stringify(result, (_, value) =>
          typeof value === 'number' && !Number.isFinite(value) ? 'no number' : value,
        );
        expect(numbers).not.toContain('no number');
        expect(judgement.allowed).toBeGreaterThanOrEqual(0);
        expect(judgement.allowed).toBeLessThanOrEqual(plan.alpha * (1 + 1e-9));
        const { pBetter, pWorse } = judgement.comparison;
        if (judgement.code === 'WIN') expect(pBetter).toBeLessThan(pWorse);
        if (judgement.code === 'LOSS') expect(pWorse).toBeLessThan(pBetter);
        seen.add(judgement.code);
      }),
      { numRuns: 400, seed: 7 },
    );
    // Of the sixteen; the others want more people than are made up here.
    expect(seen.size, [...seen].toSorted().join()).toBeGreaterThanOrEqual(6);
  });

  test('of the arms with each other’s names is the other one', () => {
    let told = 0;
    fc.assert(
      fc.property(scene, ({ facts, plan: planned }) => {
        const [first] = facts.metrics;
        const plan = { ...planned, min_effect: null };
        const one = judge({ ...facts, metrics: [first] }, plan);
        const otherPlan = { ...plan, traffic_split: 1 - plan.traffic_split };
        const other = judge(mirrored({ ...facts, metrics: [first] }), otherPlan);
        expect(other.comparison.p).toBeCloseTo(one.comparison.p, 9);
        expect(other.comparison.z).toBeCloseTo(-one.comparison.z, 9);
        expect(other.look).toEqual(one.look);
        const isTold = (code: DecisionCode) => ['WIN', 'LOSS', 'EARLY_HARM'].includes(code);
        if (!isTold(one.code) && !isTold(other.code)) {
          expect(other.code).toBe(one.code);
        } else if (one.code === 'WIN') {
          told += 1;
          expect(['LOSS', 'EARLY_HARM']).toContain(other.code);
        } else if (one.code === 'LOSS') {
          expect(other.code).toBe('WIN');
        } else if (one.code === 'EARLY_HARM') {
          // Only harm ends one between looks, or with a level that is smaller still.
          expect(other.code).not.toMatch(/LOSS|EARLY_HARM/);
        }
      }),
      { numRuns: 400, seed: 7 },
    );
    expect(told).toBeGreaterThan(0);
  });
});
