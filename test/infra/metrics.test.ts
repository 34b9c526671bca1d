import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../core/access/keys.ts';
import { type FunctionName, functions } from '../../core/catalogue/functions.ts';
import { type MetricEntry, metricNamespace, metrics } from '../../core/catalogue/metrics.ts';
import { routeKey, routes } from '../../core/catalogue/routes.ts';
import { schedules } from '../../core/catalogue/schedules.ts';
import { handler as hooks } from '../../functions/hooks.ts';
import { handler as ingest } from '../../functions/ingest.ts';
import type { metricLines } from '../setup/emf.ts';
import { authorizerEvent, httpEvent } from './events.ts';
import { startMetered } from './metered.ts';

const signing = 'm'.repeat(64);
const names = Object.keys(functions) as FunctionName[];
let deployed: Awaited<ReturnType<typeof startMetered>>;
beforeAll(async () => {
  deployed = await startMetered(signing);
});
afterAll(() => deployed.close());
const run: typeof deployed.run = (...given) => deployed.run(...given);

type Told = ReturnType<typeof metricLines>;
const sum = (told: Told, metric: string) =>
  told.reduce((total, { values }) => total + (values[metric] ?? 0), 0);

const away = () => deployed.dataApi.faults.plan({ shares: { unavailable: 1 } });
const back = () => deployed.dataApi.faults.plan({ shares: {} });
const noQueue = {
  AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
  INGEST_QUEUE_URL: 'http://127.0.0.1:1/000000000000/none',
};

const post = (routeKey: string, body: unknown) => httpEvent({ routeKey, body });
const lead = { source: 'zillow', external_id: 'form-1' };
const take = post('POST /v1/leads', lead);
const authorization = `Bearer ${createKey({ scopes: ['leads:write'] }, signing)}`;
const pathParameters = { source: 'facebook' };
const mapping = { routeKey: 'PUT /v1/hook-mappings/{source}', pathParameters };
const hook = (id: string, by = authorization) =>
  httpEvent({
    routeKey: 'POST /v1/hooks/{source}',
    pathParameters,
    authorization: by,
    body: { id, field_data: [{ name: 'email', values: ['bea@example.com'] }] },
  });
const scheduled = { scheduled_at: '2026-11-22T04:15:00Z' };

function record(kind: 'leads' | 'events', item: object) {
  const messageId = crypto.randomUUID();
  const attributes = { SentTimestamp: String(Date.now()) };
  const body = JSON.stringify({ version: 1, kind, item });
  return { messageId, receiptHandle: messageId, body, attributes };
}

/** An event that each function takes. */
const asked: Record<FunctionName, unknown> = {
  authorize: authorizerEvent({ routeKey: 'POST /v1/leads', authorization }),
  ingest: take,
  hooks: hook('1'),
  'store-queued': { Records: [record('leads', { ...lead, id: crypto.randomUUID() })] },
  manage: httpEvent({ routeKey: 'GET /v1/leads' }),
  workspace: httpEvent({ routeKey: 'GET /v1/agents' }),
  experiments: httpEvent({ routeKey: 'GET /v1/experiments' }),
  alerts: httpEvent({ routeKey: 'GET /v1/alert-rules' }),
  keys: httpEvent({ routeKey: 'GET /v1/keys' }),
  reports: httpEvent({
    routeKey: 'GET /v1/reports/{report}',
    pathParameters: { report: 'executive-summary' },
  }),
  site: httpEvent({ routeKey: 'GET /v1/health' }),
  'check-sla': scheduled,
  'send-digest': scheduled,
  'refresh-metrics': scheduled,
  'apply-retention': scheduled,
  'evaluate-experiments': scheduled,
  migrate: {},
};

describe('what became of leads and events is counted', () => {
  const counts = { IngestStored: 0, IngestQueued: 0, IngestRefused: 0, IngestUnavailable: 0 };
  const countsOf = (told: Told) =>
    Object.fromEntries(Object.keys(counts).map((metric) => [metric, sum(told, metric)]));
  const statusesOf = (outcomes: { statusCode: number }[]) =>
    outcomes.map((answer) => answer.statusCode);

  test('one by one', async () => {
    const wrong = post('POST /v1/leads', { source: 'zillow', quality_score: 'Z' });
    const { told, outcomes } = await run('ingest', [take, take, wrong]);
    expect(statusesOf(outcomes)).toEqual([201, 200, 422]);
    expect(countsOf(told)).toEqual({ ...counts, IngestStored: 2, IngestRefused: 1 });
    expect(told.map(({ values }) => values.DataApiCalls)).toEqual([1, 1, undefined]);
    expect(sum(told, 'DataApiMilliseconds')).toBeGreaterThan(0);
  });

  test('item by item of a batch, and not where it only asks', async () => {
    const batch = post('POST /v1/leads/batch', {
      items: [lead, { source: 'zillow' }, { source: 7 }],
    });
    const dry_run = 'true';
    const rehearsal = {
      ...batch,
      queryStringParameters: { dry_run },
      rawQueryString: 'dry_run=true',
    };
    const { told } = await run('ingest', [rehearsal, batch]);
    expect(countsOf(told)).toEqual({ ...counts, IngestStored: 2, IngestRefused: 1 });
    expect(told).toHaveLength(2);
  });

  test('while the database is away, and the queue too', async () => {
    const { told, outcomes } = await run('ingest', [away, take, back]);
    expect(statusesOf(outcomes)).toEqual([202]);
    expect(countsOf(told)).toEqual({ ...counts, IngestQueued: 1 });
    // A write is tried once more, and the SDK tries each of them three times unseen.
    expect(told[0]?.values).toMatchObject({ DataApiCalls: 2, DataApiFailures: 2 });
    const lost = await run('ingest', [away, take, back], noQueue);
    expect(countsOf(lost.told)).toEqual({ ...counts, IngestUnavailable: 1 });
  });

  test('where it comes by a hook, and of no other route of that function', async () => {
    const { told, outcomes } = await run('hooks', [
      httpEvent({ ...mapping, body: { preset: 'meta-lead-ads' } }),
      httpEvent({ routeKey: 'GET /v1/hook-presets' }),
      hook('7'),
      hook('8', 'Bearer forged'),
      away,
      hook('9'),
      back,
    ]);
    expect(statusesOf(outcomes)).toEqual([201, 200, 201, 401, 202]);
    const some = { IngestStored: 1, IngestRefused: 1, IngestQueued: 1 };
    expect(countsOf(told)).toEqual({ ...counts, ...some });
    const lost = await run('hooks', [hook('7'), away, hook('9'), back], noQueue);
    expect(sum(lost.told, 'IngestUnavailable')).toBe(1);
  });

  test('on every route of ingest and on that of hooks', () => {
    const byRoute: Record<string, { intake?: boolean }> = {
      ...ingest.endpoints,
      ...hooks.endpoints,
    };
    const counting = Object.keys(byRoute).filter((key) => byRoute[key]?.intake);
    const own = routes.filter((route) => (route.function as string) === 'ingest').map(routeKey);
    expect(counting.sort()).toEqual([...own, 'POST /v1/hooks/{source}'].sort());
  });

  test('once it leaves the queue', async () => {
    const event = { lead_id: crypto.randomUUID(), event_type: 'contacted', event_source: 'agent' };
    const stray = { source: 'ZILLOW', event_source: 'automation' };
    const Records = [
      record('leads', { ...lead, event_source: 'automation', id: crypto.randomUUID() }),
      record('leads', { ...stray, id: crypto.randomUUID() }),
      record('events', { ...event, id: crypto.randomUUID() }),
    ];
    const { told } = await run('store-queued', [{ Records }]);
    expect(told).toHaveLength(1);
    expect(told[0]?.values).toMatchObject({ QueueStored: 1, QueueAgain: 1, QueuePutAside: 1 });
  });
});

describe('jobs', () => {
  test('tell that they ran, how long, and who gets alerts', async () => {
    for (const { function: name } of schedules) {
      const { told } = await run(name, [asked[name]]);
      expect(told).toHaveLength(1);
      expect(told[0]?.values.JobRuns).toBe(1);
      expect(told[0]?.values.JobMilliseconds).toBeGreaterThan(0);
      if (name !== 'check-sla') continue;
      const subscribers = { AlertSubscribersConfirmed: 1, AlertSubscribersPending: 0 };
      expect(told[0]?.values).toMatchObject(subscribers);
    }
  });
});

describe.each(names)('%s', (name) => {
  test('tells of its calls in one line an invocation, by the stack and its own name', async () => {
    const { told, outcomes } = await run(name, [asked[name], asked[name]]);
    expect(outcomes.filter((answer) => answer instanceof Error)).toEqual([]);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(2);
    expect(sum(told, 'DataApiCalls')).toBeGreaterThan(0);
    for (const { namespace, dimensions, units } of told) {
      expect(namespace).toBe(metricNamespace);
      expect(dimensions).toEqual({ service: 'leadpulse-dev', function: name });
      for (const [metric, unit] of Object.entries(units)) {
        expect(unit).toBe(metrics[metric as keyof typeof metrics].unit);
      }
    }
  });

  test('tells of calls that fail, though it throws, and writes nothing else', async () => {
    const { told, lines } = await run(name, [away, asked[name], back]);
    expect(told).toHaveLength(1);
    expect(lines).toHaveLength(1);
    expect(sum(told, 'DataApiFailures')).toBeGreaterThan(0);
    expect(told[0]?.values.JobRuns).toBeUndefined();
  });

  test('writes none where nothing names the deployment, as on one machine', async () => {
    const nowhere = { METRICS_SERVICE: undefined, METRICS_FUNCTION: undefined };
    const { lines, outcomes } = await run(name, [asked[name]], nowhere);
    expect(outcomes[0]).not.toBeInstanceOf(Error);
    expect(lines).toEqual([]);
  });

  test('has a log in the format of text: of JSON Lambda may drop lines without a level', () => {
    const { LogFormat = 'Text', ApplicationLogLevel } =
      deployed.stack.lambda(name).Properties.LoggingConfig;
    expect([LogFormat, ApplicationLogLevel]).toEqual(['Text', undefined]);
  });
});

// Last: what all of it has written.
test('each metric of the catalogue is written by the functions it names, and no other is', () => {
  const listed = Object.entries<MetricEntry>(metrics).flatMap(([metric, entry]) =>
    entry.functions.map((name) => `${name} ${metric}`),
  );
  expect([...deployed.written].sort()).toEqual(listed.sort());
});
