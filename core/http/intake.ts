import { count } from '../metrics.ts';
import type { Endpoint } from './endpoint.ts';
import type { HttpEvent } from './request.ts';

/** Counts what became of the leads and events of a request; of any other nothing. */
export function countIntake(
  endpoint: Endpoint | undefined,
  event: HttpEvent,
  { status, body }: { status: number; body: unknown },
): void {
  if (!endpoint?.intake) return;
  const isBatch = endpoint.item && status < 400;
  // What would become of items is no news of the pipeline.
  if (isBatch && event.queryStringParameters?.dry_run === 'true') return;
  const statuses = isBatch ? statusesIn(body) : [status];
  for (const one of statuses) count(metricOf(one));
}

function metricOf(status: number) {
  if (status >= 500) return 'IngestUnavailable';
  if (status >= 400) return 'IngestRefused';
  return status === 202 ? 'IngestQueued' : 'IngestStored';
}

function statusesIn(body: unknown): readonly number[] {
  const { results } = body as { results: readonly { status: number }[] };
  return results.map(({ status }) => status);
}
