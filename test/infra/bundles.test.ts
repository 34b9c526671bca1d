import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../core/access/keys.ts';
import { type FunctionName, functions } from '../../core/catalogue/functions.ts';
import { entryOf, esbuildOptions, projectRoot } from '../../infra/bundling.ts';
import { createApp } from '../../infra/create-app.ts';
import { type DataApi, startDataApi } from '../../local/data-api/server.ts';
import { type Messages, startMessages } from '../../local/messages.ts';
import { createDatabase } from '../setup/database.ts';
import { startSecretsManager } from '../setup/secrets-manager.ts';
import { startBundle } from './bundle.ts';
import { authorizerEvent, httpEvent } from './events.ts';
import { arns, roles, surroundingsOf } from './surroundings.ts';
import { readTemplate } from './template.ts';

const outdir = mkdtempSync(join(tmpdir(), 'leadpulse-bundles-'));
let stack: ReturnType<typeof readTemplate>;
beforeAll(() => {
  stack = readTemplate(createApp({ outdir }).synth().stacks[0]?.template);
});
afterAll(() => rmSync(outdir, { recursive: true }));

/** The file that the template deploys for a function. */
function bundleOf(name: string): string {
  const { S3Key } = stack.lambda(name).Properties.Code;
  return join(outdir, `asset.${S3Key.replace('.zip', '')}`, 'index.mjs');
}

describe('the bundles of the template answer as the API says', () => {
  const signing = 'a'.repeat(64);
  const bundles: Record<string, Awaited<ReturnType<typeof startBundle>>> = {};
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let dataApi: DataApi;
  let secrets: Awaited<ReturnType<typeof startSecretsManager>>;
  let messages: Messages;
  let leadId: string;

  beforeAll(async () => {
    database = await createDatabase('empty');
    dataApi = await startDataApi({ databaseUrl: database.url, roles });
    messages = await startMessages();
    const text = JSON.stringify({ current: signing });
    const logins = Object.entries(roles).map(([arn, username]) => [
      arn,
      JSON.stringify({ username, password: `${username} of a test only` }),
    ]);
    secrets = await startSecretsManager(
      { arn: arns.KEY_SECRET_ARN, text },
      Object.fromEntries(logins),
    );
    for (const name of Object.keys(functions)) {
      bundles[name] = await startBundle(bundleOf(name), environmentOf(name));
    }
  });
  afterAll(async () => {
    await Promise.all(Object.values(bundles).map((bundle) => bundle.stop()));
    secrets.close();
    await messages.close();
    await dataApi.close();
    await database.close();
  });

  function environmentOf(name: string): Record<string, string> {
    const { Variables } = stack.lambda(name).Properties.Environment;
    return surroundingsOf(Variables, { databaseUrl: database.url, dataApi, secrets, messages });
  }

  const invoke = (name: FunctionName, event: unknown) => bundles[name]?.invoke(event);

  test('migrate builds an empty database, and finds nothing to do the next time', async () => {
    const first = await invoke('migrate', {});
    expect(first.migrations[0]).toBe('0001-pipeline');
    expect(first.functions).toContain('take_leads');
    expect(await invoke('migrate', {})).toEqual({ migrations: [], functions: [] });
  });

  test('ingest takes in a lead', async () => {
    const body = { source: 'zillow', email: 'ada@example.com', external_id: 'form-1' };
    const answer = await invoke('ingest', httpEvent({ routeKey: 'POST /v1/leads', body }));
    expect(answer.statusCode).toBe(201);
    expect(answer.body).toMatchObject({ source: 'zillow', current_stage: 'new' });
    leadId = answer.body.id;
  });

  test('ingest says what is wrong with one', async () => {
    const body = { source: 'zillow', quality_score: 'Z' };
    const answer = await invoke('ingest', httpEvent({ routeKey: 'POST /v1/leads', body }));
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.stringify(answer.body)).toContain('quality_score');
  });

  test('manage shows it', async () => {
    const routeKey = 'GET /v1/leads/{id}';
    const request = { routeKey, path: `/v1/leads/${leadId}`, pathParameters: { id: leadId } };
    const answer = await invoke('manage', httpEvent(request));
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toMatchObject({ id: leadId, source: 'zillow' });
  });

  test('reports counts it', async () => {
    const routeKey = 'GET /v1/reports/{report}';
    const path = '/v1/reports/executive-summary';
    const pathParameters = { report: 'executive-summary' };
    const answer = await invoke('reports', httpEvent({ routeKey, path, pathParameters }));
    expect(answer.statusCode).toBe(200);
    expect(answer.body.rows).toMatchObject([{ total_leads: 1, active_sources: 1 }]);
  });

  test('site is healthy, and knows what it does not know', async () => {
    const health = await invoke('site', httpEvent({ routeKey: 'GET /v1/health' }));
    expect(health).toMatchObject({ statusCode: 200, body: { status: 'ok' } });
    const path = '/v1/nowhere';
    const nowhere = await invoke('site', httpEvent({ routeKey: '$default', path }));
    expect(nowhere.statusCode).toBe(404);
  });

  test('refresh-metrics refreshes, once for a scheduled time', async () => {
    const event = { scheduled_at: '2026-11-22T04:15:00Z' };
    expect(await invoke('refresh-metrics', event)).toEqual({ refreshed: 1 });
    expect(await invoke('refresh-metrics', event)).toEqual({ refreshed: 0 });
  });

  test('check-sla publishes an alert when the lead has waited for a day and more', async () => {
    const scheduled_at = new Date(Date.now() + 25 * 3_600_000).toISOString();
    expect(await invoke('check-sla', { scheduled_at })).toMatchObject({ published: 1 });
    const [alert] = await messages.receive({ waitSeconds: 5 });
    expect(alert?.message.waiting_leads).toBe(1);
  });

  test('authorize reads the secret, and lets a key in where its scope does', async () => {
    const authorization = `Bearer ${createKey({ scopes: ['leads:write'] }, signing)}`;
    const decide = (routeKey: string, header: string) =>
      invoke('authorize', authorizerEvent({ routeKey, authorization: header }));
    expect(await decide('POST /v1/leads', authorization)).toMatchObject({
      isAuthorized: true,
      context: { scopes: 'leads:write' },
    });
    expect((await decide('GET /v1/leads/{id}', authorization)).isAuthorized).toBe(false);
    expect((await decide('POST /v1/leads', 'Bearer forged')).isAuthorized).toBe(false);
  });

  test('keys makes and revokes one, and an authorizer that starts then refuses it', async () => {
    const body = { scopes: ['leads:write'] };
    const made = await invoke('keys', httpEvent({ routeKey: 'POST /v1/keys', body }));
    expect(made.statusCode).toBe(201);
    const { id, key } = made.body;
    const request = { routeKey: 'POST /v1/leads', authorization: `Bearer ${key}` };
    const decide = async () => {
      const cold = await startBundle(bundleOf('authorize'), environmentOf('authorize'));
      return cold.invoke(authorizerEvent(request)).finally(cold.stop);
    };
    expect((await decide()).isAuthorized).toBe(true);
    const path = `/v1/keys/${id}/revoke`;
    const revoke = { routeKey: 'POST /v1/keys/{id}/revoke', path, pathParameters: { id } };
    expect((await invoke('keys', httpEvent(revoke))).statusCode).toBe(200);
    expect((await decide()).isAuthorized).toBe(false);
    // A cold one in an outage goes by the signature alone.
    dataApi.resume({ calls: 1 });
    expect((await decide()).isAuthorized).toBe(true);
  });

  test('hooks takes in what a provider sends, with a key and without an authorizer', async () => {
    const pathParameters = { source: 'facebook' };
    const setting = { routeKey: 'PUT /v1/hook-mappings/{source}', pathParameters };
    const preset = { ...setting, body: { preset: 'meta-lead-ads' } };
    expect((await invoke('hooks', httpEvent(preset))).statusCode).toBe(201);
    const authorization = `Bearer ${createKey({ scopes: ['leads:write'] }, signing)}`;
    const body = { id: '7', field_data: [{ name: 'email', values: ['bea@example.com'] }] };
    const lead = { routeKey: 'POST /v1/hooks/{source}', pathParameters, body };
    const taken = await invoke('hooks', httpEvent({ ...lead, authorization }));
    expect(taken).toMatchObject({ statusCode: 201, body: { findings: 0, status: 'stored' } });
    expect((await invoke('hooks', httpEvent(lead))).statusCode).toBe(401);
  });

  test('a cold hooks takes it in an outage, and store-queued stores it then', async () => {
    const authorization = `Bearer ${createKey({ scopes: ['leads:write'] }, signing)}`;
    const pathParameters = { source: 'facebook' };
    const body = { id: '8', field_data: [{ name: 'email', values: ['cal@example.com'] }] };
    const lead = { routeKey: 'POST /v1/hooks/{source}', pathParameters, body, authorization };
    dataApi.resume({ milliseconds: 600_000 });
    const cold = await startBundle(bundleOf('hooks'), environmentOf('hooks'));
    const taken = await cold.invoke(httpEvent(lead)).finally(cold.stop);
    dataApi.resume({ milliseconds: 0 });
    expect(taken).toMatchObject({ statusCode: 202, body: { id: null, status: 'queued' } });
    const receive = new ReceiveMessageCommand({ QueueUrl: messages.ingestUrl, WaitTimeSeconds: 5 });
    const [message] = (await messages.sqs.send(receive)).Messages ?? [];
    const record = {
      messageId: message?.MessageId,
      receiptHandle: message?.ReceiptHandle,
      body: message?.Body,
      attributes: { SentTimestamp: String(Date.now()) },
    };
    expect(await invoke('store-queued', { Records: [record] })).toEqual({ batchItemFailures: [] });
    const later = await invoke('hooks', httpEvent(lead));
    expect(later).toMatchObject({ statusCode: 200, body: { status: 'known' } });
  });
});

describe('the bundles are small', () => {
  const dataApiAlone = `
    import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
    import { Metrics } from '@aws-lambda-powertools/metrics';
    export const metrics = new Metrics();
    const client = new RDSDataClient({});
    export const handler = (event) => client.send(new ExecuteStatementCommand(event));`;
  const withQueue = `${dataApiAlone}
    import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
    const queue = new SQSClient({});
    export const send = (message) => queue.send(new SendMessageCommand(message));`;

  async function bytes(options: BuildOptions): Promise<number> {
    const built = await build({
      ...esbuildOptions,
      outfile: 'index.mjs',
      write: false,
      ...options,
    });
    return built.outputFiles?.find((file) => file.path.endsWith('.mjs'))?.contents.length ?? 0;
  }

  // Against the clients, and what writes metrics, as everyone bundles them, and ours without the
  // alias too: with it both sides are 120 KB smaller, which would hold our own code to less than it
  // is meant to.
  test.each([
    ['reports', 1.43, dataApiAlone],
    ['ingest', 1.72, withQueue],
    ['hooks', 1.91, withQueue],
  ] as const)('%s is at most %d × AWS’s libraries alone', async (name, limit, clients) => {
    const stdin = { contents: clients, resolveDir: projectRoot };
    const yardstick = await bytes({ stdin, alias: {} });
    const unaliased = await bytes({ entryPoints: [entryOf(name)], alias: {} });
    const deployed = statSync(bundleOf(name)).size;
    expect(unaliased / yardstick).toBeLessThanOrEqual(limit);
    expect(deployed).toBeLessThan(unaliased - 100_000);
  });

  test('what tests and benchmarks bundle is what is deployed', async () => {
    for (const name of Object.keys(functions) as FunctionName[]) {
      expect(await bytes({ entryPoints: [entryOf(name)] })).toBe(statSync(bundleOf(name)).size);
    }
  });
});
