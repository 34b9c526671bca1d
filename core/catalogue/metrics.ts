import { type FunctionName, functions } from './functions.ts';

/** A number that functions write of themselves, in CloudWatch's embedded metric format. */
export interface MetricEntry {
  readonly unit: 'Count' | 'Milliseconds';
  /** What it counts. One number for each invocation, the sum of what happened in it. */
  readonly summary: string;
  /** Which functions write it. */
  readonly functions: readonly FunctionName[];
}

const intake = ['ingest', 'hooks'] as const;
const jobs = [
  'check-sla',
  'send-digest',
  'refresh-metrics',
  'apply-retention',
  'evaluate-experiments',
] as const;
const all = Object.keys(functions) as FunctionName[];

/** Every metric of our own: each has the dimensions `service`, the stack, and `function`. */
export const metrics = {
  IngestStored: {
    unit: 'Count',
    summary: 'Leads and events answered with 200 or 201: they are in the database',
    functions: intake,
  },
  IngestQueued: {
    unit: 'Count',
    summary: 'Leads and events answered with 202: kept in the queue, the database being away',
    functions: intake,
  },
  IngestRefused: {
    unit: 'Count',
    summary: 'Leads and events that are wrong, and requests refused as a whole: a 4xx',
    functions: intake,
  },
  IngestUnavailable: {
    unit: 'Count',
    summary: 'Requests to take something in that got a 5xx: nothing of them was kept',
    functions: intake,
  },
  QueueStored: {
    unit: 'Count',
    summary: 'Leads and events of the queue that are in the database now',
    functions: ['store-queued'],
  },
  QueueAgain: {
    unit: 'Count',
    summary: 'Those that cannot be stored yet and come again',
    functions: ['store-queued'],
  },
  QueueWaitingMilliseconds: {
    unit: 'Milliseconds',
    summary:
      'How long the oldest of those has waited: SQS itself tells no age of what was handed out ' +
      'three times',
    functions: ['store-queued'],
  },
  QueueDropped: {
    unit: 'Count',
    summary:
      'Submissions of nobody whom their hook knows: dropped, as they would have been refused',
    functions: ['store-queued'],
  },
  QueuePutAside: {
    unit: 'Count',
    summary: 'Those that can never be stored: put among the dead letters',
    functions: ['store-queued'],
  },
  JobRuns: {
    unit: 'Count',
    summary: 'Scheduled runs that ended well: without it the heartbeat alarm goes off',
    functions: jobs,
  },
  JobMilliseconds: {
    unit: 'Milliseconds',
    summary: 'How long such a run took; of refresh-metrics it is the refresh of lead_metrics',
    functions: jobs,
  },
  AlertSubscribersConfirmed: {
    unit: 'Count',
    summary: 'Who gets alerts, as of the last check',
    functions: ['check-sla'],
  },
  AlertSubscribersPending: {
    unit: 'Count',
    summary: 'Who was asked to, and has not confirmed yet',
    functions: ['check-sla'],
  },
  DataApiCalls: {
    unit: 'Count',
    summary: 'Calls of the Data API, each try counted',
    functions: all,
  },
  DataApiMilliseconds: {
    unit: 'Milliseconds',
    summary: 'How long the calls of an invocation took together; of a request that is one call',
    functions: all,
  },
  DataApiFailures: {
    unit: 'Count',
    summary:
      'Calls without an answer, and those refused for a reason of ours; neither what is wrong ' +
      'with an item nor a database that wakes',
    functions: all,
  },
} as const satisfies Record<string, MetricEntry>;

/** The name of a metric. */
export type MetricName = keyof typeof metrics;

/** Where CloudWatch keeps them. */
export const metricNamespace = 'leadpulse';
