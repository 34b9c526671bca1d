import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { MetricName, metricNamespace } from './catalogue/metrics.ts';

// The types alone of the catalogue: its texts would be in every bundle.
const namespace: typeof metricNamespace = 'leadpulse';

const counted = new Map<MetricName, number>();

/** Adds to a metric of the invocation that runs; nothing where none are written. */
export function count(name: MetricName, value = 1): void {
  if (isWritten()) counted.set(name, (counted.get(name) ?? 0) + value);
}

/**
 * Writes what was counted since the last time: one line in CloudWatch's embedded metric format, or
 * none. It is no event of the log, so the log's level does not silence it.
 */
export async function writeMetrics(): Promise<void> {
  if (counted.size === 0) return;
  const values = [...counted];
  counted.clear();
  writer ??= openWriter();
  const metrics = await writer;
  for (const [name, value] of values) metrics.addMetric(name, unitOf(name), value);
  metrics.publishStoredMetrics();
}

/** A handler without a stack of its own that writes what was counted while it ran. */
export function metered<Event, Result>(run: (event: Event) => Promise<Result>) {
  return async (event: Event): Promise<Result> => {
    try {
      return await run(event);
    } finally {
      await writeMetrics();
    }
  };
}

// On one machine nothing names the deployment, and the terminal is not buried.
const isWritten = () => Boolean(process.env.METRICS_SERVICE);

// Behind the code that handlers are made of, but while Lambda still starts the function: there it
// has a whole processor, in its first request a third of one. On one machine never.
let writer = isWritten() ? openWriter() : undefined;

async function openWriter(): Promise<Metrics> {
  const { METRICS_SERVICE: serviceName = '', METRICS_FUNCTION = '' } = process.env;
  const { Metrics } = await import('@aws-lambda-powertools/metrics');
  return new Metrics({
    namespace,
    serviceName,
    defaultDimensions: { function: METRICS_FUNCTION },
  });
}

function unitOf(name: MetricName) {
  return name.endsWith('Milliseconds') ? 'Milliseconds' : 'Count';
}
