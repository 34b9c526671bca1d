import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** What a database begins with: the migrations, nothing at all, or the demo's year. */
export type Kind = 'migrated' | 'empty' | 'demo';

/** The database to copy for each kind; that of the demo is there once `loadDemo` has run. */
export function templateOf(kind: Kind): string {
  if (kind === 'empty') return 'template1';
  return kind === 'demo' ? `${inject('templateDatabase')}_demo` : inject('templateDatabase');
}

/** A database of a test file's own. */
export async function createDatabase(kind: Kind = 'migrated') {
  const server = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOn(server, `create database ${name} template ${templateOf(kind)}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 10 });
  return {
    url: url.href,
    pool,
    /** Runs SQL past the product, to prepare and to look. */
    async sql<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
      return (await pool.query<T>(text, values)).rows;
    },
    close: () => pool.end(),
  };
}

/** Runs one statement on a connection of its own. */
export async function runOn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
