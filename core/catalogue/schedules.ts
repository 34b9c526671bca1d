import type { FunctionName } from './functions.ts';

/** What runs by the clock, in the workspace's time zone. */
export interface Schedule {
  readonly name: string;
  readonly function: FunctionName;
  /** Left out: the workspace's. */
  readonly timezone?: 'UTC';
  /** EventBridge's six fields: minute, hour, day of month, month, day of week, year. */
  readonly cron: string;
  readonly summary: string;
  /** Whether a time that was missed is nothing to make good on a later day. */
  readonly of_its_day?: boolean;
}

/** Every schedule that exists. */
export const schedules = [
  {
    name: 'check-sla',
    function: 'check-sla',
    cron: '0 * * * ? *',
    // Of an hour that the clocks show twice EventBridge runs a zone's schedule once.
    timezone: 'UTC',
    summary: 'Hourly: is a lead, or are too many, waiting too long?',
  },
  {
    name: 'refresh-metrics',
    function: 'refresh-metrics',
    // After 4 in the morning: EventBridge skips a time that the change of clocks leaves out.
    cron: '15 4 * * ? *',
    summary: 'Daily: bring lead_metrics up to date',
  },
  {
    name: 'apply-retention',
    function: 'apply-retention',
    cron: '45 4 * * ? *',
    summary: 'Daily: empty what is older than it may be',
  },
  {
    name: 'evaluate-experiments',
    function: 'evaluate-experiments',
    cron: '15 5 * * ? *',
    summary: 'Daily: look at the experiments that run, and end those that are decided',
  },
  {
    name: 'send-digest',
    function: 'send-digest',
    cron: '30 7 * * ? *',
    summary: 'Daily: how did the day before go, and who waits?',
    of_its_day: true,
  },
  {
    name: 'make-up-digest',
    function: 'send-digest',
    // Behind the hourly check, which has woken a database that pauses five minutes later.
    cron: '2 8-23 * * ? *',
    summary: 'Hourly for the rest of the day: is the digest owed still?',
    of_its_day: true,
  },
] as const satisfies readonly Schedule[];

/** How many minutes there can be between two checks: of an hour, so that each hour has one. */
export const checkMinutes: readonly number[] = [5, 10, 15, 20, 30, 60];

/** The same, with the alert rules checked every so many minutes of an hour. */
export function every(minutes: number, of: readonly Schedule[]): readonly Schedule[] {
  return of.map((schedule) =>
    schedule.name === 'check-sla' && minutes < 60
      ? {
          ...schedule,
          cron: `0/${minutes} * * * ? *`,
          summary: `Every ${minutes} minutes: is a lead, or are too many, waiting too long?`,
        }
      : schedule,
  );
}
