import { dirname, join } from 'node:path';
import { type DataApi, startDataApi } from './data-api/server.ts';
import { type Handlers, startGateway } from './gateway/server.ts';
import { handlers, queueHandler } from './handlers.ts';
import { identityPages, localAudience, localIssuer } from './identity.ts';
import { ensureKeySecret } from './key-secret.ts';
import { type Messages, startMessages } from './messages.ts';
import type { Log } from './postgres/programs.ts';
import { pollQueue } from './queue-poller.ts';
import { bringUpToDate } from './up-to-date.ts';

/** leadpulse on one machine: the deployed handlers, with stand-ins for what AWS gives them. */
export interface Machine {
  readonly url: string;
  readonly dataApi: DataApi;
  readonly messages: Messages;
  /** The functions that routes name, for a gateway of another kind. */
  readonly handlers: Handlers;
  /** What the handlers were given: with it they run in another process of this machine, too. */
  readonly environment: Readonly<Record<string, string>>;
  /** The database is what this version expects; rejects where it cannot be brought there. */
  readonly upToDate: Promise<void>;
  /** PostgreSQL behind the Data API, as its owner: for tools, no handler is given it. */
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/**
 * Starts everything but PostgreSQL, which `databaseUrl` names, and brings its database up to date.
 * Sets the environment that the handlers read, as a deployment does.
 */
export async function startMachine(options: {
  databaseUrl: string;
  port: number;
  keySecretFile: string;
  /** Where the queues are kept; without one they end with the process. */
  queueFolder?: string;
  latencyMs?: number;
  /** Where a test plans what goes wrong with the stand-ins: see `faults.ts`. */
  faultsFile?: string | undefined;
  /** False: the database is up to date, as for a deployed function, which starts without it. */
  migrates?: boolean;
  /** Where to say that the database is away; without it nothing starts before the database. */
  log?: Log;
}): Promise<Machine> {
  const { databaseUrl, latencyMs, keySecretFile, queueFolder: folder, faultsFile } = options;
  const [dataApi, messages] = await Promise.all([
    startDataApi({ databaseUrl, latencyMs, faultsFile }),
    startMessages({ folder, faultsFile }),
    ensureKeySecret(keySecretFile),
  ]);
  const ready = Promise.withResolvers<Handlers>();
  // Who asks meanwhile has the connection closed.
  ready.promise.catch(() => undefined);
  const started: { close(): Promise<unknown> }[] = [dataApi, messages];
  const close = async () => {
    while (started.length > 0) await started.pop()?.close();
  };
  try {
    // First, since its address is in the settings: requests wait for what is not migrated yet.
    const { port } = options;
    const pages = identityPages(join(dirname(keySecretFile), 'token-key.json'));
    const gateway = await startGateway({ port, handlers: ready.promise, pages });
    started.push(gateway);
    const environment = {
      ...localEnvironment(databaseUrl, dataApi.url),
      AWS_ENDPOINT_URL_SNS: messages.url,
      AWS_ENDPOINT_URL_SQS: messages.url,
      API_URL: gateway.url,
      ALERT_TOPIC_ARN: messages.topicArn,
      CHAT_TOPIC_ARN: messages.chatTopicArn,
      INGEST_QUEUE_URL: messages.ingestUrl,
      INGEST_DLQ_URL: messages.deadLettersUrl,
      KEY_SECRET_FILE: keySecretFile,
      TOKEN_ISSUER: localIssuer(gateway.url),
      TOKEN_AUDIENCE: localAudience,
    };
    Object.assign(process.env, environment);
    const migrated = options.migrates === false ? undefined : await bringUpToDate(options.log);
    if (migrated) started.push(migrated);
    ready.resolve(handlers);
    const poller = pollQueue(messages.sqs, messages.ingestUrl, queueHandler);
    started.push({ close: () => poller.stop() });
    const upToDate = migrated?.done ?? Promise.resolve();
    const within = { dataApi, messages, handlers, environment, databaseUrl };
    return { url: gateway.url, ...within, upToDate, close };
  } catch (error) {
    ready.reject(error);
    await close();
    throw error;
  }
}

/** What a function has from its stack and its role. None of it leaves this machine. */
export function localEnvironment(databaseUrl: string, dataApiUrl: string) {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_RDS_DATA: dataApiUrl,
    DATABASE_CLUSTER_ARN: 'arn:aws:rds:us-east-1:000000000000:cluster:leadpulse',
    DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:leadpulse',
    DATABASE_NAME: new URL(databaseUrl).pathname.slice(1),
  };
}
