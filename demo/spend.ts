import { type Calendar, earlierDate } from './calendar.ts';
import type { SpendItem } from './items.ts';
import type { Random } from './random.ts';
import { sources } from './sources.ts';
import { expectedOf } from './visits.ts';

/** What each source cost on each day that is over: paid for the leads it should have brought. */
export function spendOf(calendar: Calendar, leads: number, random: Random): SpendItem[] {
  const days = Map.groupBy(calendar.hours, ({ date }) => date);
  const today = calendar.ago(0).date;
  const paid = sources.filter(({ cost }) => cost > 0);
  const expected = paid.map((source) => expectedOf(calendar, source, leads));
  return [...days.keys()]
    .filter((date) => date < today)
    .flatMap((from) =>
      paid.map(({ name, cost }, place) => {
        const hours = days.get(from) ?? [];
        const brought = hours.reduce((sum, hour) => sum + (expected[place]?.(hour) ?? 0), 0);
        const amount = (cost * brought * random.between(0.85, 1.15)).toFixed(2);
        return { source: name, from, to: earlierDate(from, -1), amount };
      }),
    );
}
