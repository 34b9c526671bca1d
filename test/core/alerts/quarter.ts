const hourMs = 3_600_000;
const minuteMs = 60_000;

/** A lead of the simulated team: when it came in, when somebody called. */
export interface Lead {
  readonly source: string;
  readonly created: number;
  readonly contacted: number;
  /** Imported long after it came in, or a test: nobody is told of it. */
  readonly kind: 'lead' | 'history' | 'test';
}

/** What goes wrong on purpose: which incident has to open between two moments, once. */
export interface Planted {
  readonly what: string;
  readonly rule: string;
  readonly source: string | null;
  readonly from: number;
  readonly to: number;
}

/** When a team does not work as usual, by the wall clock of New York. */
interface Trouble {
  /** Nobody calls from 8:00 on this day until 10:00 on the next one. */
  readonly stops: readonly string[];
  /** A source sends nothing from noon of the first day to noon of the second. */
  readonly silences: readonly (readonly [source: string, from: string, to: string])[];
  /** On Saturday and Sunday every call takes four hours more. */
  readonly slowWeekends: readonly string[];
}

/** The rules of the simulation, as the API takes them. */
export const rules = [
  { name: 'average', metric: 'avg_response_hours', threshold: 2, recover_threshold: 1.5 },
  { name: 'attainment', metric: 'sla_attainment', threshold: 60, recover_threshold: 75 },
  { name: 'oldest', metric: 'oldest_waiting_minutes', threshold: 1440 },
  { name: 'silence', metric: 'source_silence_hours', threshold: 72, split_by: 'source' },
].map((rule) => ({
  ...rule,
  ...(['average', 'attainment'].includes(rule.name) && { window_hours: 24, minimum_leads: 8 }),
}));

const trouble: Trouble = {
  stops: ['2026-02-10', '2026-03-03', '2026-04-15'],
  silences: [
    ['website', '2026-02-16', '2026-02-22'],
    // Over the hour that the clocks leave out.
    ['portal', '2026-03-05', '2026-03-11'],
    ['facebook', '2026-04-02', '2026-04-27'],
  ],
  slowWeekends: ['2026-02-28', '2026-03-14', '2026-04-18'],
};

const sources = ['portal', 'website', 'facebook', 'referral'];

/** The leads of so many days from a day on, and what of it has to be told. */
export function simulate(from: string, to: string): { leads: Lead[]; planted: Planted[] } {
  const [start, end] = [newYork(from, 0), newYork(to, 0)];
  const random = randomFrom(11);
  const leads: Lead[] = [];
  for (let at = start; at < end; at += hourMs) {
    const { hour, weekday } = clockAt(at);
    const isDay = hour >= 8 && hour < 18;
    const perHour = (isDay ? 3 : hour >= 7 && hour < 23 ? 1 : 0.3) * (weekday % 6 === 0 ? 0.4 : 1);
    const many = Math.floor(perHour) + (random() < perHour % 1 ? 1 : 0);
    for (let n = 0; n < many; n++) {
      const created = at + Math.floor(random() * 60) * minuteMs;
      const source = sources[Math.floor(random() * sources.length)] ?? '';
      const contacted = calledAt(created, random);
      if (!isSilent(source, created)) leads.push({ source, created, contacted, kind: 'lead' });
    }
  }
  // A thousand leads of the year before, imported one night, and tests that nobody calls.
  const never = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 1000; n++) {
    const created = start - (2 + (n % 300)) * 24 * hourMs;
    leads.push({ source: 'portal', created, contacted: never, kind: 'history' });
    if (n % 50 === 0) {
      leads.push({ source: 'portal', created: start + n * hourMs, contacted: never, kind: 'test' });
    }
  }
  const planted = plan().filter((one) => one.from >= start && one.to <= end);
  return { leads: leads.sort((a, b) => a.created - b.created), planted };
}

function plan(): Planted[] {
  const all = { source: null };
  return [
    ...trouble.stops.flatMap((day) =>
      ['average', 'attainment', 'oldest'].map((rule) => ({
        what: `nobody calls on ${day}`,
        rule,
        ...all,
        from: newYork(day, 8),
        to: newYork(day, 48),
      })),
    ),
    ...trouble.silences.map(([source, from, to]) => ({
      what: `${source} dies on ${from}`,
      rule: 'silence',
      source,
      from: newYork(from, 12),
      to: newYork(to, 12),
    })),
    ...trouble.slowWeekends.flatMap((day) =>
      ['average', 'attainment'].map((rule) => ({
        what: `the week-end of ${day} is slow`,
        rule,
        ...all,
        from: newYork(day, 0),
        to: newYork(day, 54),
      })),
    ),
  ];
}

/** By day within half an hour, in the evening within an hour, at night next morning. */
function calledAt(created: number, random: () => number): number {
  const { hour } = clockAt(created);
  let at = created + (5 + random() * (hour < 18 ? 20 : 50)) * minuteMs;
  if (hour >= 23 || hour < 7) {
    while (clockAt(at).hour !== 8) at += 10 * minuteMs;
    at += random() * 30 * minuteMs;
  }
  for (const day of trouble.slowWeekends) {
    if (created >= newYork(day, 0) && created < newYork(day, 48)) at += 4 * hourMs;
  }
  for (const day of trouble.stops) {
    if (at >= newYork(day, 8) && at < newYork(day, 34)) {
      at = newYork(day, 34) + random() * 30 * minuteMs;
    }
  }
  return Math.floor(at);
}

function isSilent(source: string, at: number): boolean {
  return trouble.silences.some(
    ([name, from, to]) => name === source && at >= newYork(from, 12) && at < newYork(to, 12),
  );
}

const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  hour: '2-digit',
  weekday: 'short',
});
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function clockAt(at: number): { hour: number; weekday: number } {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    hour: Number(parts.get('hour')),
    weekday: weekdays.indexOf(parts.get('weekday') ?? ''),
  };
}

/** So many hours by the clock after the midnight that begins a day, in milliseconds since 1970. */
export function newYork(day: string, hours: number): number {
  const [days, hour] = [Math.floor(hours / 24), hours % 24];
  const date = new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * hourMs);
  const wall = date.getTime() + hour * hourMs;
  // Five hours behind UTC in winter, four in summer: the one that shows this hour.
  return clockAt(wall + 4 * hourMs).hour === hour ? wall + 4 * hourMs : wall + 5 * hourMs;
}

/** mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
