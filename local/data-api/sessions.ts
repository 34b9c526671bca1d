import pg, { type PoolClient } from 'pg';
import { toDataApiError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Bindings } from './parameters.ts';
import type { RawResult } from './results.ts';
import type { KnownTypes } from './types.ts';

/** The connections to one server, by database. Give back what you take. */
export type Sessions = {
  take(database: string, purpose: 'statement' | 'transaction'): Promise<PoolClient>;
  /** Ends whatever the call left in the session, after its answer has gone out. */
  giveBack(client: PoolClient): Promise<void>;
  typesOf(database: string): KnownTypes;
  close(): Promise<void>;
};

// `discard all` but for the plans of functions: losing these would make each call plan anew.
// 85 µs, after the answer, against 62 µs plus the planning.
const forget = `reset all; reset session authorization; deallocate all; close all; unlisten *;
select pg_advisory_unlock_all(); discard temp; discard sequences`;

/** Opens pools as databases are named; transactions have their own, so they cannot starve calls. */
export function openSessions(databaseUrl: string, poolSize: number, limits: Limits): Sessions {
  const pools = new Map<string, pg.Pool>();
  const types = new Map<string, KnownTypes>();
  const taken = new Set<PoolClient>();
  const returning = new Set<Promise<void>>();
  const release = (client: PoolClient, broken: boolean) => {
    if (taken.delete(client)) client.release(broken);
  };
  return {
    async take(database, purpose) {
      const key = `${purpose} ${database}`;
      const pool = pools.get(key) ?? openPool(databaseUrl, database, poolSize, limits);
      pools.set(key, pool);
      const client = await pool.connect().catch((error) => {
        throw toDataApiError(error, database);
      });
      taken.add(client);
      return client;
    },
    async giveBack(client) {
      const open = client.getTransactionStatus() !== 'I';
      const returned = client.query(open ? `rollback; ${forget}` : forget).then(
        () => release(client, false),
        () => release(client, true),
      );
      returning.add(returned);
      await returned;
      returning.delete(returned);
    },
    typesOf(database) {
      const known = types.get(database) ?? new Map();
      types.set(database, known);
      return known;
    },
    async close() {
      await Promise.all(returning);
      // What is left is still running a statement: it is cut off.
      for (const client of taken) release(client, true);
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

// The driver hands `types` to the server as parameter types and asks it for parsers: with our own
// oids and no parsing, both ends are ours. Statements are not named: the service's plans are fresh
// too, a plan for all parameters would be another one, and a name saves 0.2 ms of parsing at most.
/** Runs one statement in one round trip. */
export async function runStatement(
  client: PoolClient,
  text: string,
  { values, oids }: Bindings,
): Promise<RawResult> {
  const types = Object.assign([...oids], { getTypeParser: () => (value: string) => value });
  const query = { text, values, types, rowMode: 'array', queryMode: 'extended' } as const;
  return await client.query<(string | null)[]>(query);
}

function openPool(databaseUrl: string, database: string, max: number, limits: Limits): pg.Pool {
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  const settings = {
    timezone: 'UTC',
    datestyle: 'ISO',
    intervalstyle: 'postgres',
    statement_timeout: limits.callTimeoutMs,
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set('options', options.join(' '));
  const pool = new pg.Pool({
    connectionString: url.href,
    application_name: 'leadpulse data api',
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    allowExitOnIdle: true,
  });
  // A server that goes away ends idle connections and held ones: the next call reports it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
