import type { Calendar, Hour } from './calendar.ts';
import type { Person } from './items.ts';
import { personOf } from './people.ts';
import type { Random } from './random.ts';
import { months, type Source, silent, sources } from './sources.ts';

/** Somebody asks, perhaps not for the first time. */
export interface Visit {
  readonly id: string;
  readonly at: number;
  readonly source: Source;
  readonly person: Person;
  readonly isTest: boolean;
  /** The first visit, where somebody has noticed that this is the second. */
  readonly original?: string | undefined;
}

/** Of a hundred leads so many came before, and so many are the team's own tests. */
const again = 3.5;
const tests = 0.3;

/** Who comes, in the order of time: about `leads` of them in the year. */
export function visitsOf(calendar: Calendar, leads: number, random: Random): Visit[] {
  const first = arrivalsOf(calendar, leads / (1 + again / 100), random).map((arrival, number) => ({
    ...arrival,
    id: random.idAt(arrival.at),
    person: personOf(number, random),
    isTest: random.chance(tests / 100),
  }));
  const second = first
    .filter(({ isTest }) => !isTest && random.chance(again / 100))
    .map((visit) => secondOf(visit, random))
    .filter(({ at }) => calendar.hourAt(at));
  return [...first, ...second].sort((one, other) => one.at - other.at);
}

/** How many leads a source brings in an hour, in the mean. */
export function expectedOf({ hours, end }: Calendar, source: Source, leads: number) {
  const weight = ({ month, weekday, hour }: Hour) =>
    (months[month] ?? 0) * (source.days[weekday] ?? 0) * (source.hours[hour] ?? 0);
  const past = hours.filter(({ at }) => at < end).reduce((sum, hour) => sum + weight(hour), 0);
  return (hour: Hour) => (leads * source.share * weight(hour)) / (100 * past);
}

function arrivalsOf(calendar: Calendar, leads: number, random: Random) {
  const silentFrom = calendar.ago(silent.days).at;
  const arrivals: Pick<Visit, 'at' | 'source'>[] = [];
  for (const source of sources) {
    const until = source.name === silent.source ? silentFrom : Number.POSITIVE_INFINITY;
    const expected = expectedOf(calendar, source, leads);
    for (const hour of calendar.hours) {
      for (let left = random.poisson(expected(hour)); left > 0; left -= 1) {
        const at = Math.floor(hour.at + random.between(0, 3_600_000));
        if (at < until) arrivals.push({ at, source });
      }
    }
  }
  return arrivals.sort((one, other) => one.at - other.at);
}

/** The same person within days, half of the time through the website. */
function secondOf(visit: Visit, random: Random): Visit {
  const at = Math.floor(visit.at + Math.min(random.skewed(1, 5), 20) * 86_400_000);
  const website = sources.find(({ name }) => name === 'website') ?? visit.source;
  const isElsewhere = visit.source.name === silent.source || random.chance(0.5);
  const source = isElsewhere ? website : visit.source;
  const original = random.chance(0.6) ? visit.id : undefined;
  return { ...visit, at, source, id: random.idAt(at), original };
}
