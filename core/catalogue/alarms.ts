import type { alarmTexts } from './alarm-texts.ts';
import { type FunctionName, functions } from './functions.ts';
import { type MetricName, metricNamespace } from './metrics.ts';
import { type Schedule, schedules } from './schedules.ts';

/** What a metric is about: a thing of the stack, or `all`, the sum of our functions. */
export type Subject =
  | { readonly function: FunctionName }
  | { readonly queue: 'ingest' | 'dead-letters' | 'failures' | 'undelivered' }
  | 'api'
  | 'database'
  | 'all';

/** A number that CloudWatch keeps. */
export interface Watched {
  readonly namespace: string;
  readonly metric: string;
  readonly of: Subject;
  readonly statistic: 'Sum' | 'Maximum' | 'Average';
}

/** When to tell people, of what. */
export interface AlarmEntry {
  /** In AWS behind the stack's name. */
  readonly name: string;
  /** Where its meaning stands, and what to do. */
  readonly kind: keyof typeof alarmTexts;
  readonly watches: Watched;
  readonly above?: number;
  readonly below?: number;
  readonly period_minutes: number;
  /** Of so many periods in a row so many have to be bad. */
  readonly periods: number;
  readonly bad_periods: number;
  /** What a period without data is; `as before`: the alarm stays as it is. */
  readonly without_data: 'good' | 'bad' | 'as before';
}

const timeoutShare = 0.8;
// A deployment that cannot migrate fails, and says so itself.
const names = (Object.keys(functions) as FunctionName[]).filter((name) => name !== 'migrate');

const ownMetric = (metric: MetricName, of: Subject) => ({
  namespace: metricNamespace,
  metric,
  of,
  statistic: 'Sum' as const,
});
const lambdaMetric = (metric: 'Errors' | 'Throttles', name: FunctionName) => ({
  namespace: 'AWS/Lambda',
  metric,
  of: { function: name },
  statistic: 'Sum' as const,
});
const once = {
  above: 0,
  period_minutes: 5,
  periods: 1,
  bad_periods: 1,
  without_data: 'good',
} as const;
// One bad answer wakes nobody; a second one within a quarter of an hour does.
const twice = { ...once, periods: 3, bad_periods: 2 } as const;

/** Those that schedules name, some of them twice. */
export const scheduledFunctions: readonly FunctionName[] = [
  ...new Set(schedules.map((schedule) => schedule.function)),
];

/** Every alarm that exists. */
export const alarms: readonly AlarmEntry[] = [
  ...(['ingest', 'hooks'] as const).map(
    (name): AlarmEntry => ({
      name: `unavailable-${name}`,
      kind: 'unavailable',
      watches: ownMetric('IngestUnavailable', { function: name }),
      ...once,
    }),
  ),
  {
    name: 'api-5xx',
    kind: 'api-5xx',
    watches: { namespace: 'AWS/ApiGateway', metric: '5xx', of: 'api', statistic: 'Sum' },
    ...twice,
  },
  {
    name: 'authorizer-errors',
    kind: 'authorizer-errors',
    watches: lambdaMetric('Errors', 'authorize'),
    ...once,
  },
  ...names
    .filter((name) => name !== 'authorize')
    .map(
      (name): AlarmEntry => ({
        name: `errors-${name}`,
        kind: 'errors',
        watches: lambdaMetric('Errors', name),
        ...once,
      }),
    ),
  ...names.map(
    (name): AlarmEntry => ({
      name: `throttles-${name}`,
      kind: 'throttles',
      watches: lambdaMetric('Throttles', name),
      ...once,
    }),
  ),
  ...names.map(
    (name): AlarmEntry => ({
      name: `duration-${name}`,
      kind: 'duration',
      watches: {
        namespace: 'AWS/Lambda',
        metric: 'Duration',
        of: { function: name },
        statistic: 'Maximum',
      },
      ...once,
      above: functions[name].timeout_seconds * 1000 * timeoutShare,
    }),
  ),
  ...scheduledFunctions.map(
    (name): AlarmEntry => ({
      name: `heartbeat-${name}`,
      kind: 'heartbeat',
      watches: ownMetric('JobRuns', { function: name }),
      below: 1,
      period_minutes: 60,
      periods: silentHoursOf(name),
      bad_periods: silentHoursOf(name),
      without_data: 'bad',
    }),
  ),
  ...(['dead-letters', 'failures', 'undelivered'] as const).map(
    (queue): AlarmEntry => ({
      name: queue,
      kind: queue,
      watches: {
        namespace: 'AWS/SQS',
        metric: 'ApproximateNumberOfMessagesVisible',
        of: { queue },
        statistic: 'Maximum',
      },
      ...once,
      period_minutes: 1,
      // Of a queue that nobody touches there may be no data; what is in it is there all the same.
      without_data: 'as before',
    }),
  ),
  {
    name: 'queue-age',
    kind: 'queue-age',
    watches: {
      namespace: 'AWS/SQS',
      metric: 'ApproximateAgeOfOldestMessage',
      of: { queue: 'ingest' },
      statistic: 'Maximum',
    },
    ...once,
    above: 600,
    period_minutes: 1,
  },
  {
    // What is handed out and comes again, as in an outage, has no age for SQS after three times.
    name: 'queue-waiting',
    kind: 'queue-age',
    watches: {
      ...ownMetric('QueueWaitingMilliseconds', { function: 'store-queued' }),
      statistic: 'Maximum',
    },
    ...once,
    above: 600_000,
  },
  {
    name: 'no-subscribers',
    kind: 'no-subscribers',
    watches: {
      ...ownMetric('AlertSubscribersConfirmed', { function: 'check-sla' }),
      statistic: 'Maximum',
    },
    below: 1,
    period_minutes: 60,
    periods: 1,
    bad_periods: 1,
    // That there is no check is told by its heartbeat.
    without_data: 'as before',
  },
  {
    name: 'database-capacity',
    kind: 'database-capacity',
    watches: {
      namespace: 'AWS/RDS',
      metric: 'ACUUtilization',
      of: 'database',
      statistic: 'Average',
    },
    ...twice,
    above: 90,
    bad_periods: 3,
  },
  {
    name: 'data-api-failures',
    kind: 'data-api-failures',
    watches: ownMetric('DataApiFailures', 'all'),
    ...twice,
  },
];

function silentHoursOf(name: FunctionName): number {
  const named = (schedules as readonly Schedule[]).filter((one) => one.function === name);
  return Math.min(...named.map(silentHours));
}

/**
 * Hours without a run after which a schedule is silent: one more than lie between two runs, and
 * where a night does two more, since on the day that the clocks go back there are 25.
 */
function silentHours({ name, cron }: Schedule): number {
  const [, hour = '', ...days] = cron.split(' ');
  if (days.join(' ') !== '* * ? *') throw new Error(`How often ${name} runs is not known.`);
  if (hour === '*') return 2;
  if (/^\d+$/.test(hour)) return 26;
  const [first, last] = hour.split('-').map(Number);
  if (first !== undefined && last !== undefined) return 24 + first - last + 2;
  throw new Error(`How often ${name} runs is not known.`);
}
