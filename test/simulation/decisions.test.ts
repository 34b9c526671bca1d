import { afterAll, describe, test, vi } from 'vitest';
import { compare } from '../../core/experiments/compare.ts';
import type { Plan } from '../../core/experiments/facts.ts';
import { plannedLevels } from '../../core/statistics/alpha-spending.ts';
import { conditionalPower, driftOfRates } from '../../core/statistics/power.ts';
import { dailyFacts, type Ending, leadsOf, plan, type Setting } from './experiment.ts';
import { believed, endingsOf, figures, longTest, repeated, timeout } from './oracle.ts';

vi.mock('../../core/statistics/boschloo.ts', async (original) =>
  (await import('./remembered.ts')).rememberedTest(original),
);
vi.mock('../../core/statistics/binomial.ts', async (original) =>
  (await import('./remembered.ts')).rememberedMasses(original),
);
vi.mock('../../core/statistics/alpha-spending.ts', async (original) =>
  (await import('./remembered.ts')).rememberedLevels(original),
);

const told = figures('The table of decisions, 100 leads');
afterAll(() => told.print());

/** Contacted within the time, or not; 25 leads a day put each look where it is planned. */
function responses(rates: readonly [number, number], planned: Partial<Plan> = {}): Setting {
  const [control, treatment] = rates;
  return {
    plan: { ...plan, baseline_rate: 0.4, ...planned },
    metrics: [{ role: 'primary', metric: 'response_rate', window_hours: 72, margin: null }],
    perDay: 25,
    split: 0.5,
    fate: (random, treated) =>
      random() < (treated ? treatment : control) ? { contacted: 60 } : {},
  };
}

describe('an experiment that is worth it from 25 points on', () => {
  const worth = { min_effect: 0.25 };

  test('without an effect is mostly ended early, and hardly ever kept', { timeout }, () => {
    const endings = believed(endingsOf(responses([0.4, 0.4], worth)));
    const share = (what: string, expected: number, isSo: (ending: Ending) => boolean) =>
      told.share(`${what}, 40 % in both arms`, expected, endings.map(isSo));
    share('KEEP', 0.024, ({ decision }) => decision === 'KEEP');
    // Those figures were made without TOO_SMALL: who reached the end without a word was undecided.
    const isSmall = ({ code }: Ending) => code === 'TOO_SMALL';
    const isOpen = (one: Ending) => isSmall(one) || one.decision === 'INCONCLUSIVE';
    share('KILL but for TOO_SMALL', 0.8, (one) => one.decision === 'KILL' && !isSmall(one));
    share('INCONCLUSIVE or TOO_SMALL', 0.18, isOpen);
    told.shown('TOO_SMALL, 40 % in both arms', endings.map(isSmall));
    told.mean(
      'leads, 40 % in both arms',
      70,
      endings.map(({ leads }) => leads),
    );
  });

  test('with an effect of 25 is kept as if nobody had asked for futility', { timeout }, () => {
    const endings = believed(endingsOf(responses([0.4, 0.65], worth)));
    const share = (what: string, expected: number, seen: readonly boolean[]) =>
      told.share(`${what}, 40 % → 65 %`, expected, seen);
    share(
      'KEEP',
      0.69,
      endings.map(({ decision }) => decision === 'KEEP'),
    );
    share(
      'FUTILE',
      0.1,
      endings.map(({ code }) => code === 'FUTILE'),
    );
    const rest = endings.map(({ decision }) => decision === 'INCONCLUSIVE');
    share('INCONCLUSIVE', 0.21, rest);
    const unasked = endingsOf(responses([0.4, 0.65])).map(({ code }) => code === 'WIN');
    const asked = endingsOf(responses([0.4, 0.65], worth)).map(({ code }) => code === 'WIN');
    told.atMost(
      'kept only when nobody asks for futility, 40 % → 65 %',
      0.012,
      unasked.map((kept, index) => kept && !asked[index]),
    );
  });
});

describe('an experiment that is too small for what it looks for', () => {
  const small = responses([0.4, 0.5], { min_effect: 0.1 });

  longTest('does not end a true effect of 10 points', { timeout }, () => {
    const endings = believed(endingsOf(small));
    told.atMost(
      'FUTILE, 40 % → 50 %, worth it from 10 points on',
      0,
      endings.map(({ code }) => code === 'FUTILE'),
    );
    told.atMost(
      'KILL, 40 % → 50 %, worth it from 10 points on',
      0.05,
      endings.map(({ decision }) => decision === 'KILL'),
    );
  });

  longTest('would, if only the conditional power were asked', { timeout }, () => {
    const finalZ = plannedLevels(plan.alpha, plan.looks).at(-1)?.z ?? 0;
    const rates = { leads: 100, split: 0.5, baseline: 0.4, effect: 0.1 };
    const drift = driftOfRates(rates);
    const seen = repeated((random) => {
      for (const { facts } of dailyFacts(small, random)) {
        const share = leadsOf(facts) / 100;
        if (share >= 1) return false;
        if (share < 0.5) continue;
        const { z } = compare(facts.metrics[0]);
        if (conditionalPower({ z, share, finalZ, drift }) < 0.1) return true;
      }
      return false;
    });
    told.share('KILL without asking for the power of the design', 0.72, seen);
  });
});

describe('harm ends an experiment on any day', () => {
  /** Judged from 20 leads on after each five, with no look of the plan before the last. */
  const slowly = (treatment: number): Setting => ({
    ...responses([0.4, treatment], { looks: [1], min_duration_days: 23 }),
    perDay: 5,
  });

  longTest('hardly ever without one', { timeout }, () => {
    const endings = believed(endingsOf(slowly(0.4)));
    told.share(
      'EARLY_HARM, 40 % in both arms',
      0.005,
      endings.map(({ code }) => code === 'EARLY_HARM'),
    );
  });

  test('early where there is one', { timeout }, () => {
    const endings = believed(endingsOf(slowly(0.1)));
    const early = endings.filter(({ code }) => code === 'EARLY_HARM');
    told.share(
      'EARLY_HARM, 40 % → 10 %',
      0.72,
      endings.map(({ code }) => code === 'EARLY_HARM'),
    );
    told.mean(
      'leads at EARLY_HARM, 40 % → 10 %',
      61,
      early.map(({ leads }) => leads),
    );
  });
});
