import { randomUUID } from 'node:crypto';
import {
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type ExecuteStatementCommandOutput,
  RDSDataClient,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import pg from 'pg';
import { inject } from 'vitest';
import { type DataApi, type DataApiOptions, startDataApi } from '../../../local/data-api/server.ts';

const { CONFORMANCE_CLUSTER_ARN, CONFORMANCE_SECRET_ARN, CONFORMANCE_DATABASE } = process.env;

/** True where the suite speaks to a real cluster, which three CONFORMANCE_ variables name. */
export const onAws = Boolean(
  CONFORMANCE_CLUSTER_ARN && CONFORMANCE_SECRET_ARN && CONFORMANCE_DATABASE,
);

/** Why some tests do not run against a real cluster. */
export const localOnly =
  'needs what only the local endpoint can do: shorter limits, faults, a look inside';

/** What every call of these tests names. */
export const target = {
  resourceArn: CONFORMANCE_CLUSTER_ARN ?? 'arn:aws:rds:eu-central-1:123456789012:cluster:local',
  secretArn:
    CONFORMANCE_SECRET_ARN ?? 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:local',
  database: CONFORMANCE_DATABASE ?? `conformance_${randomUUID().replaceAll('-', '')}`,
};

/** A service to test and the real client that speaks to it. */
export type Endpoint = {
  client: RDSDataClient;
  /** Undefined on AWS. */
  api: DataApi | undefined;
  run(
    sql: string,
    more?: Partial<ExecuteStatementCommandInput>,
  ): Promise<ExecuteStatementCommandOutput>;
  close(): Promise<void>;
};

type Value = SqlParameter['value'];

// The endpoints of one test file share its database; the last one closed drops it.
let open = 0;

/** The real cluster, or an endpoint of its own over a database of its own. */
export async function openEndpoint(options: Partial<DataApiOptions> = {}): Promise<Endpoint> {
  const region = target.resourceArn.split(':')[3];
  const api = onAws ? undefined : await startLocally(options);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new RDSDataClient(api ? { region, credentials, endpoint: api.url } : { region });
  return {
    client,
    api,
    run: (sql, more) => client.send(new ExecuteStatementCommand({ ...target, sql, ...more })),
    async close() {
      client.destroy();
      if (!api) return;
      await api.close();
      // Not `with (force)`: a connection left open would fail here.
      open -= 1;
      if (open === 0) await onServer(`drop database ${target.database}`);
    },
  };
}

/** The parameters of a call from an object of names and values. */
export function named(values: Record<string, Value>, typeHint?: SqlParameter['typeHint']) {
  return Object.entries(values).map(([name, value]) => ({ name, value, typeHint }));
}

/** What a failing call fails with. */
export async function failure(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('The call did not fail');
}

/** Runs SQL beside the endpoint, on the server's own database. */
export async function onServer(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

async function startLocally(options: Partial<DataApiOptions>): Promise<DataApi> {
  if (open === 0) await onServer(`create database ${target.database}`);
  open += 1;
  const databaseUrl = inject('postgresUrl');
  return await startDataApi({ databaseUrl, database: target.database, ...options });
}
