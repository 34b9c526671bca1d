import { setTimeout as pause } from 'node:timers/promises';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { count } from '../metrics.ts';
import { settings } from '../settings.ts';
import { DatabaseError, databaseError } from './errors.ts';
import { type Parameters, type Row, toRows, toSqlParameters } from './rows.ts';

/**
 * How long a caller may wait for a database that wakes: a request not at all, a job for a minute.
 * A `write` is for what has somewhere else to go: it is cut early and tried once more. The
 * authorizer stands before every request, and can do without.
 */
export type Patience = 'authorizer' | 'write' | 'request' | 'job';

/**
 * A request is answered before API Gateway gives up at 30 s; a job's call ends at 45 s by itself.
 */
const callMs: Record<Patience, number> = {
  authorizer: 1000,
  write: 2500,
  request: 25_000,
  job: 50_000,
};

// Under load, batches that share leads in another order met four times in a row.
const conflictPauses = [20, 60, 180, 400, 800];
const awayPauses: Record<Patience, readonly number[]> = {
  authorizer: [],
  write: [50],
  request: [],
  job: [],
};
const resumingPauses: Record<Patience, readonly number[]> = {
  authorizer: [],
  write: [],
  request: [],
  job: [1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5].map((seconds) => seconds * 1000),
};

let client: RDSDataClient | undefined;

/**
 * Runs one statement: one Data API call. A deadlock or serialization failure is tried again, since
 * it left nothing behind; a resuming database, or one that is away, as `patience` allows. Throws
 * DatabaseError.
 */
export async function query<T = Row>(
  sql: string,
  parameters: Parameters = {},
  patience: Patience = 'request',
): Promise<T[]> {
  return again(patience, async () => (await execute(sql, parameters, { patience })) as T[]);
}

/**
 * Runs a statement, as a job, that may go on after its call has ended, at 45 seconds. Undefined
 * where the call ended first or its answer was lost: what the statement writes says how it went.
 */
export async function queryBeyondTimeout<T = Row>(
  sql: string,
  parameters: Parameters = {},
): Promise<T[] | undefined> {
  const options = { continueAfterTimeout: true };
  return again('job', async () => (await execute(sql, parameters, options)) as T[]).catch(
    (error: DatabaseError) => {
      if (error.failure !== 'away') throw error;
      return undefined;
    },
  );
}

async function again<T>(patience: Patience, call: () => Promise<T>): Promise<T> {
  const waits = {
    conflict: [...conflictPauses],
    away: [...awayPauses[patience]],
    resuming: [...resumingPauses[patience]],
  };
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const failure = error instanceof DatabaseError ? error.failure : 'broken';
      const wait = failure in waits ? waits[failure as keyof typeof waits].shift() : undefined;
      if (wait === undefined) throw error;
      await pause(wait * (0.5 + Math.random() / 2));
    }
  }
}

/** A statement inside a transaction. */
export type Execute = <T = Row>(sql: string, parameters?: Parameters) => Promise<T[]>;

/**
 * Runs `work` in one transaction: committed when it returns, rolled back when it throws. A resuming
 * database is waited for as in a job.
 */
export async function transaction<T>(work: (execute: Execute) => Promise<T>): Promise<T> {
  const { database, ...target } = cluster();
  const begin = new BeginTransactionCommand({ ...target, database });
  const { transactionId } = await again('job', () => send(begin));
  if (!transactionId) throw new Error('the Data API began a transaction without an id');
  try {
    const result = await work((sql, parameters = {}) =>
      execute(sql, parameters, { transactionId }).then((rows) => rows as never),
    );
    await send(new CommitTransactionCommand({ ...target, transactionId }));
    return result;
  } catch (error) {
    await send(new RollbackTransactionCommand({ ...target, transactionId })).catch(() => {
      // The first error is the one that says something; an abandoned transaction ends by itself.
    });
    throw error;
  }
}

interface CallOptions {
  readonly patience?: Patience;
  readonly transactionId?: string;
  readonly continueAfterTimeout?: boolean;
}

async function execute(
  sql: string,
  parameters: Parameters,
  { patience = 'job', ...options }: CallOptions = {},
): Promise<Row[]> {
  const answer = await sendWithin(callMs[patience])(
    new ExecuteStatementCommand({
      ...cluster(),
      sql,
      parameters: toSqlParameters(parameters),
      includeResultMetadata: true,
      ...options,
    }),
  );
  return toRows(answer.records, answer.columnMetadata);
}

function cluster() {
  const { DATABASE_CLUSTER_ARN, DATABASE_SECRET_ARN, DATABASE_NAME } = settings();
  return {
    resourceArn: DATABASE_CLUSTER_ARN,
    secretArn: DATABASE_SECRET_ARN,
    database: DATABASE_NAME,
  };
}

function connect(): RDSDataClient {
  const connected = new RDSDataClient({ requestHandler: { connectionTimeout: 1000 } });
  // It makes a copy of each answer, field by field, for a log that nobody keeps: a third of the
  // time that 100 rows take.
  connected.middlewareStack.remove('loggerMiddleware');
  return connected;
}

function sendWithin(milliseconds: number): RDSDataClient['send'] {
  return async (command: never) => {
    client ??= connect();
    const started = Date.now();
    count('DataApiCalls');
    try {
      return await client.send(command, { abortSignal: AbortSignal.timeout(milliseconds) });
    } catch (error) {
      const known = databaseError(error);
      if (['away', 'broken'].includes(known.failure)) count('DataApiFailures');
      throw known;
    } finally {
      count('DataApiMilliseconds', Date.now() - started);
    }
  };
}

const send = sendWithin(callMs.job);
