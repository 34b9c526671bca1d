import { setTimeout as pause } from 'node:timers/promises';
import { Cron } from 'croner';
import { checkMinutes, every, type Schedule, schedules } from '../core/catalogue/schedules.ts';

/** A handler of a schedule, as Lambda calls it. */
export type JobHandler = (event: { scheduled_at: string }) => Promise<unknown>;

/** After a failure Lambda tries an asynchronous invocation again, after 1 minute and after 2. */
const retries = [60_000, 120_000];

/**
 * Stands in for EventBridge Scheduler: fires the catalogue's schedules in the workspace's zone. A
 * time that was missed while the machine was off is made good at once: each schedule's last one,
 * but for what is of its day alone.
 */
export function startSchedules(options: {
  timezone: string;
  handlers: Readonly<Record<string, JobHandler>>;
  /** Between two checks of the alert rules; 60 when left out. */
  checkMinutes?: number;
}) {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const fire = (schedule: Schedule, at: Date | undefined) => {
    const handler = options.handlers[schedule.function];
    if (!handler || !at) return;
    const run = invoke(handler, at, stopping.signal).finally(() => running.delete(run));
    running.add(run);
  };
  const crons = every(options.checkMinutes ?? 60, schedules).map((schedule) => {
    const timezone = schedule.timezone ?? options.timezone;
    const cron = new Cron(toCroner(schedule.cron), cronerOptions(timezone));
    // The time it was due, not the time it is: a laptop that slept wakes up late.
    const fireLatest = () => fire(schedule, latestRun(cron, new Date()));
    if (!schedule.of_its_day || isToday(latestRun(cron, new Date()), options.timezone))
      fireLatest();
    return cron.schedule(fireLatest);
  });
  return {
    async stop() {
      for (const cron of crons) cron.stop();
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** What CHECK_MINUTES says of how often rules are checked. Throws a sentence. */
export function checkMinutesOf(text: string): number {
  const minutes = Number(text);
  if (checkMinutes.includes(minutes)) return minutes;
  throw new Error(`CHECK_MINUTES must be 5, 10, 15, 20, 30 or 60, and is "${text}".`);
}

/** How croner reads a pattern of `toCroner` as EventBridge does: Sunday is 1, both days hold. */
export function cronerOptions(timezone: string) {
  return { timezone, mode: '7-part', alternativeWeekdays: true, domAndDow: true } as const;
}

/**
 * EventBridge's minute, hour, day of month, month, day of week and year, as croner writes them. Its
 * `?` is "any", where croner's is "now"; its `5/15` starts at 5 and goes on to the end. Throws for
 * what does not have six fields.
 */
export function toCroner(cron: string): string {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`"${cron}" does not have EventBridge's six fields`);
  const ends = [59, 23, 31, 12, 7, 2199];
  const known = fields.map((field, index) =>
    field
      .split(',')
      .map((part) => (part === '?' ? '*' : part.replace(/^(\d+)\/(\d+)$/, `$1-${ends[index]}/$2`)))
      .join(','),
  );
  return `0 ${known.join(' ')}`;
}

/** The last time that was due by now. Croner leaves out the second that is just beginning. */
export function latestRun(cron: Cron, now: Date): Date | undefined {
  const nextSecond = Math.floor(now.getTime() / 1000 + 1) * 1000;
  return cron.previousRuns(1, new Date(nextSecond))[0];
}

function isToday(moment: Date | undefined, timeZone: string): boolean {
  const days = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' });
  return moment !== undefined && days.format(moment) === days.format(new Date());
}

async function invoke(handler: JobHandler, at: Date, signal: AbortSignal): Promise<void> {
  const event = { scheduled_at: `${at.toISOString().slice(0, 19)}Z` };
  for (const wait of [...retries, undefined]) {
    const isDone = await handler(event).then(
      () => true,
      // The job's stack has logged it.
      () => wait === undefined,
    );
    if (isDone || signal.aborted) return;
    await pause(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}
