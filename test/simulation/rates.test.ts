import { afterAll, describe, expect, test, vi } from 'vitest';
import { ratesOf } from '../../core/experiments/compare.ts';
import { pooledTest } from '../../core/statistics/boschloo.ts';
import { dailyFacts, leadsOf, plan, type Setting } from './experiment.ts';
import { believed, endingsOf, figures, kinds, repeated, timeout } from './oracle.ts';

vi.mock('../../core/statistics/boschloo.ts', async (original) =>
  (await import('./remembered.ts')).rememberedTest(original),
);
vi.mock('../../core/statistics/binomial.ts', async (original) =>
  (await import('./remembered.ts')).rememberedMasses(original),
);
vi.mock('../../core/statistics/alpha-spending.ts', async (original) =>
  (await import('./remembered.ts')).rememberedLevels(original),
);

const told = figures('A response rate, 100 leads, looks at 50, 75 and 100');
afterAll(() => told.print());

/** 25 leads a day: each look is where it is planned. Contacted within the time, or not. */
function responses(control: number, treatment: number): Setting {
  return {
    plan,
    metrics: [{ role: 'primary', metric: 'response_rate', window_hours: 72, margin: null }],
    perDay: 25,
    split: 0.5,
    fate: (random, treated) =>
      random() < (treated ? treatment : control) ? { contacted: 60 } : {},
  };
}

const percent = (rate: number) => `${Math.round(100 * rate)} %`;

describe('without an effect a difference is told as often as known', () => {
  const known = [
    [0.4, 0.047],
    [0.1, 0.033],
    [0.2, 0.043],
    [0.5, 0.047],
  ] as const;
  test.for(kinds(known, 1))('with %d in both arms: %d', { timeout }, ([rate, expected]) => {
    const endings = believed(endingsOf(responses(rate, rate)));
    const seen = endings.map(({ code }) => ['WIN', 'LOSS', 'EARLY_HARM'].includes(code));
    told.share(`told, ${percent(rate)} in both arms`, expected, seen);
    told.atMost(
      `KEEP, ${percent(rate)} in both arms`,
      0.025,
      endings.map(({ decision }) => decision === 'KEEP'),
    );
  });
});

describe('an effect is kept as often as known, with as many leads', () => {
  const known = [
    [0.4, 0.65, 0.686, 87],
    [0.2, 0.4, 0.572, 91],
    [0.4, 0.7, 0.848, 81],
    // biome-ignore lint/suspicious/noApproximativeNumericConstant: it is no logarithm of 2
    [0.1, 0.3, 0.693, 88],
  ] as const;
  test.for(kinds(known, 1))(
    'from %d to %d: %d',
    { timeout },
    ([control, treatment, expected, leads]) => {
      const endings = believed(endingsOf(responses(control, treatment)));
      const what = `${percent(control)} → ${percent(treatment)}`;
      const kept = endings.map(({ code }) => code === 'WIN');
      told.share(`KEEP, ${what}`, expected, kept);
      told.mean(
        `leads, ${what}`,
        leads,
        endings.map((ending) => ending.leads),
      );
    },
  );
});

test('who looks each day with p ≤ 0.05 is wrong more than three times as often', {
  timeout,
}, () => {
  const setting = { ...responses(0.4, 0.4), perDay: 5 };
  const seen = repeated((random) => {
    for (const { facts } of dailyFacts(setting, random)) {
      const rates = ratesOf(facts.metrics[0]);
      if (leadsOf(facts) >= 20 && pooledTest(rates).twoSided <= 0.05) return true;
      if (leadsOf(facts) >= plan.target_sample_size) return false;
    }
    return false;
  });
  told.atLeast('told by a z-test each day, 40 % in both arms', 0.15, seen);
  expect(seen.filter(Boolean).length / seen.length).toBeLessThan(0.3);
});
