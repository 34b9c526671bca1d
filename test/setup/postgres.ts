import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import type { PostgresServer } from '../../local/postgres/start.ts';
import { startThrowAway } from '../../local/postgres/throw-away.ts';
import { runOn } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's PostgreSQL, as its superuser. */
    postgresUrl: string;
    /** A database with every migration, to copy. */
    templateDatabase: string;
  }
}

let server: PostgresServer | undefined;

/** One PostgreSQL for the whole run, or the one DATABASE_URL names. */
export async function setup(project: TestProject): Promise<void> {
  // Of two hundred databases one would be looked at every 0.3 s: a plan goes by what a test wrote,
  // and by what it analyzed itself.
  if (!process.env.DATABASE_URL) server = await startThrowAway('test', { autovacuum: 'off' });
  const postgresUrl = server?.url ?? process.env.DATABASE_URL ?? '';
  project.provide('postgresUrl', postgresUrl);
  project.provide('templateDatabase', await buildTemplate(postgresUrl));
}

// By the command that deploys use: `npm run migrate` on a database of its own.
async function buildTemplate(postgresUrl: string): Promise<string> {
  const name = `template_${process.pid}_${Date.now()}`;
  await runOn(postgresUrl, `create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const environment = { ...process.env, DATABASE_URL: url.href };
  execFileSync(process.execPath, ['local/run.mjs', 'migrate'], { env: environment });
  return name;
}

/** Stops the run's server; fails the run when a test has left a connection open. */
export async function teardown(): Promise<void> {
  if (!server) return;
  const leaks = await findLeaks(server.url);
  await server.stop();
  if (leaks.length > 0) {
    throw new Error(`Tests left connections to PostgreSQL open:\n${leaks.join('\n')}`);
  }
}

// A worker that ends closes what its tests forgot, without a goodbye: PostgreSQL counts those as
// abandoned, per database. Tests leave their databases in place, since a drop loses the count.
async function findLeaks(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let leaks: string[] = [];
  // A closed connection takes PostgreSQL a moment to forget: 20 × 0.1 s.
  for (let attempt = 1; attempt <= 20; attempt++) {
    const { rows } = await client.query(`
      select concat_ws(' · ', datname, application_name, state, left(query, 200)) as leak
      from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`);
    leaks = rows.map((row) => `still open: ${row.leak}`);
    if (leaks.length === 0) break;
    await pause(100);
  }
  const { rows } = await client.query(`
    select datname, sessions_abandoned as abandoned
    from pg_stat_database
    where sessions_abandoned > 0`);
  for (const { datname, abandoned } of rows) leaks.push(`${datname}: ${abandoned} never closed`);
  await client.end();
  return leaks;
}
