/** What sources cost: daily amounts around a window, and their sum within it. */

import { addDays, daysBetween, localDate } from './local-time.ts';
import { SOURCES } from './people.ts';
import { type Random, randomFrom } from './random.ts';
import type { Cents, Facts, Parameters, SpendFact } from './types.ts';

/** Sources that bring no lead: one costs money, the other was free. */
export const LEADLESS = ['billboard', 'leaflet'];

type Window = { from: string; to: string };

/** What a source cost on a day, null where nothing is written down. */
type Habit = (day: string, window: Window, random: Random) => Cents | null;

const HABITS: readonly Habit[] = [
  (_day, _window, random) => BigInt(random.below(5_000_00)),
  (_day, _window, random) => (random.chance(0.3) ? BigInt(random.below(300_00)) : null),
  (day, { from, to }) =>
    [addDays(from, -1), from, addDays(to, -1), to].includes(day) ? 33_33n : null,
  () => 0n,
  (day, { from }) => (day === from ? 1n : null),
  (day, { from }) => (daysBetween(from, day) % 7 === 0 ? 900_000_007n : null),
  () => null,
  () => null,
  (_day, _window, random) => (random.chance(0.5) ? BigInt(random.below(80_00)) : null),
  () => 0n,
];

/** The window, the equally long one before it, and some days around both. */
export function generateSpend(options: Window & { seed: number }): SpendFact[] {
  const random = randomFrom(options.seed + 1_000_003);
  const length = daysBetween(options.from, options.to);
  const spend: SpendFact[] = [];
  for (const [index, source] of [...SOURCES, ...LEADLESS].entries()) {
    for (let offset = -length - 3; offset < length + 3; offset += 1) {
      const day = addDays(options.from, offset);
      const amount = HABITS[index]?.(day, options, random) ?? null;
      if (amount !== null) spend.push({ source, day, amount });
    }
  }
  return spend;
}

/** Whether the rows and filters of a report tell sources apart, and nothing finer. */
export function isAttributable(parameters: Parameters): boolean {
  const { by, agent_id, quality_score, utm_campaign } = parameters;
  if (agent_id !== null || quality_score !== null || utm_campaign !== null) return false;
  return by === null || by === 'source';
}

/** What each source cost on the days of the window that had come; those that cost nothing not. */
export function spendBySource(facts: Facts, parameters: Parameters): Map<string, Cents> {
  const today = localDate(parameters.as_of, parameters.timezone);
  const wanted = parameters.source?.trim().toLowerCase() ?? null;
  const sums = new Map<string, Cents>();
  for (const { source, day, amount } of facts.spend) {
    if (wanted !== null && source !== wanted) continue;
    if (day < parameters.from || day >= parameters.to || day > today) continue;
    if (amount > 0n) sums.set(source, (sums.get(source) ?? 0n) + amount);
  }
  return sums;
}
