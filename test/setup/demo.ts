import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase, runOn, templateOf } from './database.ts';
import { demoZone } from './demo-year.ts';
import { startTestMachine } from './machine.ts';

/** leadpulse with the demo's whole year in it, lead_metrics refreshed as of its end. */
export async function startDemoMachine() {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    // One test file loads the year, for all: it takes 10 s, and a copy of it none.
    await client.query('select pg_advisory_lock(7)');
    const name = templateOf('demo');
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await loadDemo(name);
  } finally {
    await client.end();
  }
  return startTestMachine({ WORKSPACE_TIMEZONE: demoZone }, 'demo');
}

/** In a process of its own, since one process is one machine. */
async function loadDemo(name: string): Promise<void> {
  const database = await createDatabase();
  await database.close();
  const env = { ...process.env, DATABASE_URL: database.url, WORKSPACE_TIMEZONE: demoZone };
  const command = ['local/run.mjs', 'test/setup/load-demo'];
  await promisify(execFile)(process.execPath, command, { env });
  const loaded = new URL(database.url).pathname.slice(1);
  await runOn(inject('postgresUrl'), `alter database ${loaded} rename to ${name}`);
}
