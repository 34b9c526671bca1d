const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** An hour of the zone; `at` is when it begins, in milliseconds since 1970. */
export interface Hour {
  readonly at: number;
  /** `2026-11-22` */
  readonly date: string;
  /** From 0, January. */
  readonly month: number;
  /** From 0, Sunday. */
  readonly weekday: number;
  readonly hour: number;
}

/** A year of the zone that ends at a moment, and some days beyond it. */
export interface Calendar {
  readonly hours: readonly Hour[];
  readonly end: number;
  /** The moment and day so many days before the end. */
  ago(days: number): { readonly at: number; readonly date: string };
  hourAt(at: number): Hour | undefined;
  /** When so many minutes have been worked from a moment on; Infinity beyond the calendar. */
  worked(from: number, minutes: number, isWorked: (hour: Hour) => boolean): number;
}

/** 365 whole days of the zone and the day of `end`, up to `ahead` days after it. */
export function calendarOf(options: { end: number; timezone: string; ahead: number }): Calendar {
  const { end, timezone, ahead } = options;
  const firstDate = earlierDate(dateAt(end, timezone), 365);
  const from = Math.floor((end - 367 * dayMs) / hourMs);
  const to = Math.ceil((end + ahead * dayMs) / hourMs);
  const format = formatOf(timezone);
  const hours = Array.from({ length: to - from }, (_, index) =>
    hourOf((from + index) * hourMs, format),
  ).filter(({ date }) => date >= firstDate);
  const start = hours[0]?.at ?? end;
  const hourAt = (at: number) => hours[Math.floor((at - start) / hourMs)];
  return {
    hours,
    end,
    ago: (days) => ({ at: end - days * dayMs, date: earlierDate(dateAt(end, timezone), days) }),
    hourAt,
    worked(from, minutes, isWorked) {
      let at = from;
      let left = minutes * 60_000;
      for (let hour = hourAt(at); hour; hour = hourAt(at)) {
        const next = hour.at + hourMs;
        if (isWorked(hour) && at + left <= next) return at + left;
        if (isWorked(hour)) left -= next - at;
        at = next;
      }
      return Number.POSITIVE_INFINITY;
    },
  };
}

/** The day so many days before. */
export function earlierDate(date: string, days: number): string {
  return new Date(Date.parse(date) - days * dayMs).toISOString().slice(0, 10);
}

function dateAt(at: number, timezone: string): string {
  return hourOf(at, formatOf(timezone)).date;
}

function hourOf(at: number, format: Intl.DateTimeFormat): Hour {
  // Swedish writes ISO: 2026-11-22 09.
  const [date = '', hour = ''] = format.format(at).split(/[ T]/);
  const day = new Date(date);
  return { at, date, month: day.getUTCMonth(), weekday: day.getUTCDay(), hour: Number(hour) };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const;
  return new Intl.DateTimeFormat('sv-SE', { timeZone, hourCycle: 'h23', ...digits });
}
