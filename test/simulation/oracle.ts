import { expect, test } from 'vitest';
import { conduct, type Ending, type Setting } from './experiment.ts';
import { type Random, randomOf } from './random.ts';

/** `vitest --mode long`: as many as the figures were made with. */
const isLong = process.env.MODE === 'long';

/** How often each experiment is done. */
export const repetitions = isLong ? 5000 : 300;

/** Of kinds of experiments all; for every `npm test` the first, which tell most. */
export function kinds<T>(all: readonly T[], first: number): readonly T[] {
  return isLong ? all : all.slice(0, first);
}

/** What takes so long that only the long form does it. */
export const longTest = test.runIf(isLong);

/** What a test may take: of two busy cores. */
export const timeout = isLong ? 1_800_000 : 180_000;

/** What came of each repetition: of the same seed, so that two worlds differ in what differs. */
export function repeated<T>(once: (random: Random) => T): T[] {
  return Array.from({ length: repetitions }, (_, index) => once(randomOf(index + 1)));
}

/** How an experiment ends, again and again. */
export function endingsOf(setting: Setting): Ending[] {
  return repeated((random) => conduct(setting, random));
}

/** Those whose split was believed: section 9 has no watch over it, which ends one of 150. */
export function believed(endings: readonly Ending[]): Ending[] {
  return endings.filter(({ code }) => code !== 'INVALID_SRM');
}

/** Figures that are known, those that came out, and what lies between. */
export function figures(title: string) {
  const rows: string[] = [];
  const row = (what: string, expected: string, seen: string, difference: string) =>
    rows.push(`| ${[what, expected, seen, difference].join(' | ')} |`);

  return {
    /** A share is as known: within 0.012 of 5,000, within three standard errors of 300. */
    share(what: string, expected: number, seen: readonly boolean[]): void {
      const share = shareOf(seen);
      const error = Math.sqrt((expected * (1 - expected)) / seen.length);
      row(what, fixed(expected), fixed(share), signed(share - expected, 3));
      const why = `${title}: ${what}: ${fixed(share)} for ${fixed(expected)}`;
      expect(Math.abs(share - expected), why).toBeLessThanOrEqual(isLong ? 0.012 : 3 * error);
    },
    /** A share is at most so much, but for as much as chance may add. */
    atMost(what: string, most: number, seen: readonly boolean[]): void {
      const share = shareOf(seen);
      const error = Math.sqrt((most * (1 - most)) / seen.length);
      row(what, `≤ ${fixed(most)}`, fixed(share), signed(share - most, 3));
      expect(share, `${title}: ${what}`).toBeLessThanOrEqual(most + 3 * error);
    },
    atLeast(what: string, least: number, seen: readonly boolean[]): void {
      const share = shareOf(seen);
      row(what, `≥ ${fixed(least)}`, fixed(share), signed(share - least, 3));
      expect(share, `${title}: ${what}`).toBeGreaterThanOrEqual(least);
    },
    /** A mean is as known: to the whole, of 300 with three standard errors more. */
    mean(what: string, expected: number, seen: readonly number[]): void {
      const mean = seen.reduce((sum, one) => sum + one, 0) / seen.length;
      const squares = seen.reduce((sum, one) => sum + (one - mean) ** 2, 0);
      const error = Math.sqrt(squares / seen.length / seen.length);
      row(what, String(expected), mean.toFixed(1), signed(mean - expected, 1));
      expect(Math.abs(mean - expected), `${title}: ${what}: ${mean}`).toBeLessThanOrEqual(
        isLong ? 1 : 1 + 3 * error,
      );
    },
    /** Shown, where nobody has said what it should be. */
    shown(what: string, seen: readonly boolean[]): void {
      row(what, '', fixed(shareOf(seen)), '');
    },
    print(): void {
      if (!isLong) return;
      const head = `\n| ${title} | expected | simulated | difference |\n|---|---|---|---|\n`;
      process.stdout.write(`${head}${rows.join('\n')}\n`);
    },
  };
}

function shareOf(seen: readonly boolean[]): number {
  return seen.filter(Boolean).length / seen.length;
}

const fixed = (share: number) => share.toFixed(3);

function signed(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}
