import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Faults, openFaults } from '../faults.ts';
import { calls, type Service } from './calls.ts';
import { DataApiError, toDataApiError, validationError } from './errors.ts';
import { type DataApiFault, dataApiFaults, refuseFor } from './faults.ts';
import { type Limits, serviceLimits } from './limits.ts';
import { parseRequest } from './request.ts';
import { openSessions } from './sessions.ts';
import { openTransactions } from './transactions.ts';

/** `latencyMs` is added to every call; `limits` replaces single limits of the service. */
export type DataApiOptions = {
  /** The PostgreSQL server; its database is the default one unless `database` names another. */
  databaseUrl: string;
  database?: string;
  /** 0, the default, takes a free port. */
  port?: number;
  latencyMs?: number;
  /** Connections per database, for statements and again for transactions. */
  poolSize?: number;
  limits?: Partial<Limits>;
  /** Roles by the ARN of the secret they log in with. */
  roles?: Readonly<Record<string, string>>;
  /** Where another process plans faults, under `data_api`. */
  faultsFile?: string | undefined;
};

/** A running endpoint. */
export type DataApi = {
  url: string;
  /**
   * Calls that have reached the endpoint, refused ones and the SDK's retries included: all, or
   * those that are `counted` by the first 80 characters of their SQL.
   */
  calls(counted?: (sql: string) => boolean): number;
  resetCalls(): void;
  /** What goes wrong, until something else is planned. */
  faults: Faults<DataApiFault>;
  /** Answers DatabaseResumingException to the next calls, or for a time, as after an auto-pause. */
  resume(until: { calls: number } | { milliseconds: number }): void;
  /** Drops the connection of the next calls once they are done: what ran stays. */
  cut(calls: number): void;
  close(): Promise<void>;
};

/** Serves the wire protocol of the RDS Data API on 127.0.0.1, over a PostgreSQL server. */
export async function startDataApi(options: DataApiOptions): Promise<DataApi> {
  const limits = { ...serviceLimits, ...options.limits };
  const sessions = openSessions(options.databaseUrl, options.poolSize ?? 10, limits);
  const transactions = openTransactions(sessions, limits.transactionIdleMs);
  const database = options.database ?? databaseOf(options.databaseUrl);
  const service = { sessions, transactions, database, limits, roles: options.roles ?? {} };
  const faults = openFaults({
    kinds: dataApiFaults,
    name: 'data_api',
    file: options.faultsFile,
  });
  let asked: { sql?: string }[] = [];

  const server = createServer(async (request, response) => {
    const call: { sql?: string } = {};
    asked.push(call);
    try {
      const body = await readBody(request, limits.requestBytes);
      call.sql = /"sql":"(.{0,80})/.exec(body)?.[1];
      const fault = faults.next();
      if (fault === 'reset') return request.socket.destroy();
      if (options.latencyMs) await pause(options.latencyMs);
      if (fault === 'slow') await pause(faults.slowMs());
      refuseFor(fault);
      const result = await answer(request, body, service);
      if (fault === 'cut') response.destroy();
      else send(response, 200, result);
    } catch (error) {
      const { name, status, message } = toDataApiError(error, database);
      if (!response.destroyed) send(response, status, { message }, name);
    }
  });
  // Longer than a client keeps a connection: ours never closes under a request on its way.
  server.keepAliveTimeout = 600_000;
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  await listening;

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: (counted = () => true) => asked.filter(({ sql = '' }) => counted(sql)).length,
    resetCalls() {
      asked = [];
    },
    faults,
    resume(until) {
      const limit =
        'calls' in until ? { calls: until.calls } : { until: Date.now() + until.milliseconds };
      faults.plan({ shares: { resuming: 1 }, ...limit });
    },
    cut: (calls) => faults.plan({ shares: { cut: 1 }, calls }),
    async close() {
      server.close();
      await transactions.close();
      await sessions.close();
    },
  };
}

async function answer(request: IncomingMessage, body: string, service: Service): Promise<unknown> {
  const call = request.method === 'POST' ? calls[request.url ?? ''] : undefined;
  if (!call) throw new DataApiError('UnknownOperationException', 'Unknown operation', 404);
  // Not checked, only there: it keeps the pages of a browser out, which cannot send it unasked.
  if (!request.headers.authorization?.startsWith('AWS4-')) {
    const name = 'MissingAuthenticationTokenException';
    throw new DataApiError(name, 'Missing Authentication Token', 403);
  }
  return await call(parseRequest(body), service);
}

/** Reads past the limit, keeping nothing: a client still sending would miss the answer. */
async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) throw validationError(`The request is larger than ${limit} bytes`);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: unknown, errorType?: string): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
    ...(errorType && { 'x-amzn-errortype': errorType }),
  });
  response.end(text);
}

function databaseOf(databaseUrl: string): string {
  return decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) || 'postgres';
}
