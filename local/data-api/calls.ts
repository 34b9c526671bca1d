import type { PoolClient } from 'pg';
import { DataApiError, toDataApiError } from './errors.ts';
import type { Limits } from './limits.ts';
import { describeColumns } from './metadata.ts';
import { type Bindings, bind } from './parameters.ts';
import { type ApiRequest, requireSql, requireText } from './request.ts';
import { checkSize, type RawResult, toFormatted, toRecords } from './results.ts';
import { runStatement, type Sessions } from './sessions.ts';
import { toStatement } from './statements.ts';
import type { Transactions } from './transactions.ts';
import { learnTypes } from './types.ts';

/** What the calls work with. */
export type Service = {
  sessions: Sessions;
  transactions: Transactions;
  database: string;
  limits: Limits;
  /** The role that logs in with a secret; with others, the one of the database's address. */
  roles: Readonly<Record<string, string>>;
};

type Call = (request: ApiRequest, service: Service) => Promise<unknown>;
type Work<T> = (client: PoolClient, database: string) => Promise<T>;

/** The calls of the service by path. */
export const calls: Record<string, Call> = {
  '/Execute': execute,
  '/BatchExecute': batchExecute,
  '/BeginTransaction': async (request, { transactions, database }) => ({
    transactionId: await transactions.begin(request.database || database),
  }),
  '/CommitTransaction': async (request, { transactions }) => {
    await transactions.finish(requireText(request, 'transactionId'), 'commit');
    return { transactionStatus: 'Transaction Committed' };
  },
  '/RollbackTransaction': async (request, { transactions }) => {
    await transactions.finish(requireText(request, 'transactionId'), 'rollback');
    return { transactionStatus: 'Rollback Complete' };
  },
};

async function execute(request: ApiRequest, service: Service): Promise<unknown> {
  const statement = toStatement(requireSql(request, service.limits));
  const bindings = bind(statement, request.parameters);
  return await onConnection(request, service, async (client, database) => {
    const result = await runStatement(client, statement.text, bindings);
    return await toAnswer(result, { request, service, client, database });
  });
}

/** All sets or none, as one transaction where the call is in none. */
async function batchExecute(request: ApiRequest, service: Service): Promise<unknown> {
  const statement = toStatement(requireSql(request, service.limits));
  const sets = request.parameterSets?.length ? request.parameterSets : [[]];
  const all: Bindings[] = sets.map((parameters) => bind(statement, parameters));
  return await onConnection(request, service, async (client) => {
    if (!request.transactionId) await client.query('begin');
    for (const bindings of all) await runStatement(client, statement.text, bindings);
    if (!request.transactionId) await client.query('commit');
    return { updateResults: all.map(() => ({ generatedFields: [] })) };
  });
}

type Context = { request: ApiRequest; service: Service; client: PoolClient; database: string };

async function toAnswer(result: RawResult, context: Context): Promise<unknown> {
  const { request, service, client, database } = context;
  const known = service.sessions.typesOf(database);
  const hasRows = result.fields.length > 0;
  const numberOfRecordsUpdated = hasRows ? 0 : (result.rowCount ?? 0);
  // PostgreSQL's generated keys come by `returning`, never here.
  const answer = { numberOfRecordsUpdated, generatedFields: [] };
  if (!hasRows) return answer;
  checkSize(result, service.limits);
  const oids = result.fields.map(({ dataTypeID }) => dataTypeID);
  await learnTypes(known, oids, client);
  // Other statements that return rows ignore the wish for JSON.
  const isFormatted = request.formatRecordsAs === 'JSON' && result.command === 'SELECT';
  const rows = isFormatted
    ? { formattedRecords: toFormatted(result, known, request) }
    : { records: toRecords(result, known, request) };
  if (!request.includeResultMetadata) return { ...answer, ...rows };
  return { ...answer, ...rows, columnMetadata: await describeColumns(result, known, client) };
}

/** Runs in the call's transaction, or on a connection that forgets the call's session state. */
async function onConnection<T>(request: ApiRequest, service: Service, work: Work<T>): Promise<T> {
  const { transactions, limits } = service;
  const { transactionId, continueAfterTimeout } = request;
  const unlimited: Work<T> = async (client, database) => {
    await client.query(`set ${transactionId ? 'local' : 'session'} statement_timeout = 0`);
    return await work(client, database);
  };
  const wanted = continueAfterTimeout ? unlimited : work;
  const running = transactionId
    ? transactions.use(transactionId, request.database || undefined, wanted)
    : onOwnConnection(request, service, wanted);
  return await (continueAfterTimeout ? answerWithin(limits.callTimeoutMs, running) : running);
}

async function onOwnConnection<T>(
  request: ApiRequest,
  { sessions, roles, ...service }: Service,
  work: Work<T>,
): Promise<T> {
  const database = request.database || service.database;
  const client = await sessions.take(database, 'statement');
  const role = roles[request.secretArn ?? ''];
  try {
    // As if the role had logged in; undone when the session is given back.
    if (role) await client.query(`set session authorization ${client.escapeIdentifier(role)}`);
    return await work(client, database);
  } catch (error) {
    throw toDataApiError(error, database);
  } finally {
    // Not awaited: the answer need not wait for the session to be cleaned.
    void sessions.giveBack(client);
  }
}

async function answerWithin<T>(milliseconds: number, running: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message = 'The statement goes on after the timeout of the call';
    reject(new DataApiError('StatementTimeoutException', message));
  }, milliseconds);
  return await Promise.race([running, promise]).finally(() => clearTimeout(timer));
}
