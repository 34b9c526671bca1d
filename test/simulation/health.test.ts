import { afterAll, describe, expect, test, vi } from 'vitest';
import { pooledTest } from '../../core/statistics/boschloo.ts';
import { plan, type Setting } from './experiment.ts';
import { endingsOf, figures, longTest, repeated, timeout } from './oracle.ts';
import { arrivals, dayMinutes, type Fate } from './people.ts';
import type { Random } from './random.ts';

vi.mock('../../core/statistics/boschloo.ts', async (original) =>
  (await import('./remembered.ts')).rememberedTest(original),
);
vi.mock('../../core/statistics/binomial.ts', async (original) =>
  (await import('./remembered.ts')).rememberedMasses(original),
);
vi.mock('../../core/statistics/alpha-spending.ts', async (original) =>
  (await import('./remembered.ts')).rememberedLevels(original),
);

const told = figures('The whole of the rule');
afterAll(() => told.print());

const response = {
  role: 'primary',
  metric: 'response_rate',
  window_hours: 72,
  margin: null,
} as const;

/** Sums of the logarithms of so many numbers: from, from + 1, … */
function logSums(from: number, most: number): number[] {
  const sums = [0];
  for (let n = 0; n < most; n += 1) sums.push((sums[n] ?? 0) + Math.log(from + n));
  return sums;
}

/**
 * The chance that the Bayes factor ever reaches 100, counted over all orders of so many leads, with
 * the formula of the specification: a way of its own to what `sampleRatio` multiplies lead by lead.
 */
function alarmChance({ leads, real }: Record<'leads' | 'real', number>) {
  const [arm, both] = [logSums(5, leads), logSums(10, leads)];
  const factor = (t: number, c: number) =>
    (arm[t] ?? 0) + (arm[c] ?? 0) - (both[t + c] ?? 0) + (t + c) * Math.log(2);
  let quiet = [1];
  let rung = 0;
  for (let n = 1; n <= leads; n += 1) {
    quiet = Array.from({ length: n + 1 }, (_, t) => {
      const before = (quiet[t] ?? 0) * (1 - real) + (quiet[t - 1] ?? 0) * real;
      if (factor(t, n - t) < Math.log(100)) return before;
      rung += before;
      return 0;
    });
  }
  return rung;
}

describe('the watch over the split', () => {
  /** Nobody is contacted: nothing but the split can end it. */
  const split = (real: number, leads: number): Setting => ({
    plan: { ...plan, target_sample_size: leads },
    metrics: [response],
    perDay: leads / 4,
    split: real,
    fate: () => ({}),
  });
  const alarms = (setting: Setting) => endingsOf(setting).map(({ code }) => code === 'INVALID_SRM');

  test('is calm where the split is right', { timeout }, () => {
    const seen = alarms(split(0.5, 200));
    // 200 leads have come, and 150 more while the last ones have their time.
    told.atMost('alarm, 50/50 as planned, 350 leads', 0.01, seen);
    const chance = alarmChance({ leads: 350, real: 0.5 });
    told.share('alarm, 50/50 as planned, 350 leads, counted', chance, seen);
  });

  test('rings where it is not', { timeout }, () => {
    for (const leads of [100, 200]) {
      const came = leads * 1.75;
      const chance = alarmChance({ leads: came, real: 0.65 });
      const seen = alarms(split(0.65, leads));
      told.share(`alarm, 65/35 for 50/50, ${came} leads, counted`, chance, seen);
    }
    expect(alarmChance({ leads: 350, real: 0.65 })).toBeGreaterThan(0.9);
  });
});

describe('all of it together, without an effect', () => {
  /**
   * 28 come every two weeks, so that the first have had their month before the last look. They are
   * contacted or not, die or not; of both arms some do not count.
   */
  const whole = (dies: (treated: boolean) => number): Setting => ({
    plan: { ...plan, min_duration_days: 14, min_effect: 0.25, baseline_rate: 0.4 },
    metrics: [
      response,
      { role: 'guardrail', metric: 'dead_rate', window_hours: 720, margin: 0.05 },
    ],
    perDay: 28,
    everyDays: 14,
    split: 0.5,
    fate: (random, treated) => fateOf(random, dies(treated)),
  });

  test('one of forty is kept at most, and few are not believed', { timeout }, () => {
    const endings = endingsOf(whole(() => 0.2));
    const share = (...codes: string[]) => endings.map(({ code }) => codes.includes(code));
    told.atMost('KEEP, guardrail and exclusions', 0.025, share('WIN'));
    told.atMost('INVALID_SRM', 0.01, share('INVALID_SRM'));
    told.atMost('GUARDRAIL_HARM, 20 % die in both arms', 0.03, share('GUARDRAIL_HARM'));
    told.shown('INVALID_EXCLUSION, 10 % left out of both arms', share('INVALID_EXCLUSION'));
    told.shown('FUTILE', share('FUTILE'));
    told.shown('TOO_SMALL', share('TOO_SMALL'));
    told.shown('UNDERPOWERED or NO_DIFFERENCE_SHOWN', share('UNDERPOWERED', 'NO_DIFFERENCE_SHOWN'));
    told.shown('LOSS or EARLY_HARM', share('LOSS', 'EARLY_HARM'));
  });

  longTest('who dies of it, ends it', { timeout }, () => {
    const deadly = { ...whole((treated) => (treated ? 0.7 : 0.2)) };
    const endings = endingsOf({ ...deadly, plan: { ...deadly.plan, min_effect: null } });
    told.atLeast(
      'GUARDRAIL_HARM, 20 % → 70 % die',
      0.75,
      endings.map(({ code }) => code === 'GUARDRAIL_HARM'),
    );
  });
});

function fateOf(random: Random, dies: number): Fate {
  const place = random();
  return {
    ...(random() < 0.4 && { contacted: 60 }),
    ...(random() < dies && { dead: random() * 720 * 60 }),
    ...(place < 0.06 ? { reason: 'contacted_before' } : place < 0.1 && { reason: 'test' }),
  };
}

describe('a treatment that only converts the same leads sooner', () => {
  /** One of four converts in 60 days: of treatment in the first five, of control at any time. */
  const sooner: Setting = {
    plan: { ...plan, max_duration_days: 120 },
    metrics: [{ role: 'primary', metric: 'conversion_rate', window_hours: 60 * 24, margin: null }],
    perDay: 25,
    everyDays: 5,
    split: 0.5,
    fate: (random, treated) => {
      const converts = random() < 0.25;
      return converts ? { converted: random() * 1440 * (treated ? 5 : 60) } : {};
    },
  };

  longTest('is not kept: leads have their whole time', { timeout }, () => {
    const endings = endingsOf(sooner);
    told.atMost(
      'KEEP, the same leads convert sooner',
      0.025,
      endings.map(({ decision }) => decision === 'KEEP'),
    );
    expect(Math.min(...endings.filter(({ looks }) => looks > 0).map(({ day }) => day))).toBe(66);
  });

  longTest('would be, if leads counted from the day they come', { timeout }, () => {
    const days = Array.from({ length: 20 }, (_, day) => day);
    const seen = repeated((random) => {
      const people = days.flatMap((day) => arrivals(sooner, day, random));
      const arm = (wanted: boolean) => {
        const leads = people.filter(({ treated }) => treated === wanted);
        const converted = leads.filter(({ at, converted = Number.POSITIVE_INFINITY }) => {
          return at + converted <= 20 * dayMinutes;
        });
        return { leads: leads.length, successes: converted.length };
      };
      return pooledTest({ treatment: arm(true), control: arm(false) }).greater <= 0.025;
    });
    told.atLeast('KEEP on day 20, if leads had no time to be waited for', 0.5, seen);
  });
});
