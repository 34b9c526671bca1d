import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Subject, Watched } from '../core/catalogue/alarms.ts';
import { metricNamespace } from '../core/catalogue/metrics.ts';
import type { Database } from './database.ts';
import type { Functions } from './functions.ts';
import type { HttpApi } from './http-api.ts';
import type { IngestQueue } from './ingest-queue.ts';
import type { Schedules } from './schedules.ts';

/** What there is to watch. */
export interface Things {
  readonly api: HttpApi;
  readonly database: Database;
  readonly functions: Functions;
  readonly ingestQueue: IngestQueue;
  readonly schedules: Schedules;
}

/** Finds a number of the stack's in CloudWatch, for an alarm or a graph. */
export type Watch = (watched: Watched, period: Duration, label?: string) => IMetric;

/** How the metrics of this stack's things are found. */
export function watching(stackName: string, things: Things): Watch {
  return ({ namespace, metric, of, statistic }, period, label) => {
    const shown = { period, ...(label !== undefined && { label }) };
    // CloudWatch sums ten metrics at most by a formula, and as many as there are by a query.
    if (of === 'all') {
      const expression =
        `SELECT ${statistic.toUpperCase()}(${metric}) ` +
        `FROM SCHEMA("${namespace}", "service", "function") WHERE "service" = '${stackName}'`;
      return new MathExpression({ expression, ...shown });
    }
    const dimensionsMap =
      namespace === metricNamespace && typeof of === 'object' && 'function' in of
        ? { service: stackName, function: of.function }
        : dimensionsOf(of, things);
    return new Metric({ namespace, metricName: metric, dimensionsMap, statistic, ...shown });
  };
}

function dimensionsOf(of: Exclude<Subject, 'all'>, things: Things): Record<string, string> {
  const { api, database, functions, ingestQueue, schedules } = things;
  if (of === 'api') return { ApiId: api.apiId };
  if (of === 'database') return { DBClusterIdentifier: database.clusterIdentifier };
  if ('function' in of) return { FunctionName: functions.named(of.function).functionName };
  const queues = {
    ingest: ingestQueue.queue,
    'dead-letters': ingestQueue.deadLetters,
    failures: functions.failures,
    undelivered: schedules.undelivered,
  };
  return { QueueName: queues[of.queue].queueName };
}
