import { afterAll, describe, test, vi } from 'vitest';
import { plan, type Setting } from './experiment.ts';
import { believed, endingsOf, figures, kinds, timeout } from './oracle.ts';
import { normal } from './random.ts';

vi.mock('../../core/statistics/alpha-spending.ts', async (original) =>
  (await import('./remembered.ts')).rememberedLevels(original),
);

const told = figures('A time to contact, 100 leads, looks at 50, 75 and 100');
afterAll(() => told.print());

/**
 * So many are ever contacted, after minutes that are log-normal: the specification names medians
 * and no shape; with this spread and 70 % contacted all three of its figures come out.
 */
function contacts(median: { control: number; treatment: number }, share: number): Setting {
  return {
    plan,
    metrics: [{ role: 'primary', metric: 'time_to_contact', window_hours: 24, margin: null }],
    perDay: 25,
    split: 0.5,
    fate(random, treated) {
      if (random() >= share) return {};
      const middle = treated ? median.treatment : median.control;
      return { contacted: middle * Math.exp(1.5 * normal(random)) };
    },
  };
}

describe('without an effect a difference is told as often as known', () => {
  test.for(kinds([0.7, 0.3, 0.5, 0.95], 1))('with %d contacted', { timeout }, (share) => {
    const endings = believed(endingsOf(contacts({ control: 120, treatment: 120 }, share)));
    const seen = endings.map(({ code }) => ['WIN', 'LOSS', 'EARLY_HARM'].includes(code));
    told.share(`told, ${100 * share} % contacted in both arms`, 0.05, seen);
  });
});

describe('an effect is kept as often as known', () => {
  test.for([
    [5, 0.96],
    [30, 0.58],
    [60, 0.2],
  ] as const)('from 120 minutes to %d: %d', { timeout }, ([treatment, expected]) => {
    const endings = believed(endingsOf(contacts({ control: 120, treatment }, 0.7)));
    told.share(
      `KEEP, a median of 120 min → ${treatment} min`,
      expected,
      endings.map(({ code }) => code === 'WIN'),
    );
  });
});
