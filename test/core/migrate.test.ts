import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqlFunctions } from '../../core/migration/files.ts';
import { migrate } from '../../core/migration/migrate.ts';
import { migrations } from '../../core/migration/migrations.ts';
import { type DataApi, startDataApi } from '../../local/data-api/server.ts';
import { localEnvironment } from '../../local/machine.ts';
import { createDatabase } from '../setup/database.ts';

// The settings are read once per process: every test of this file migrates the same empty database.
let db: Awaited<ReturnType<typeof createDatabase>>;
let dataApi: DataApi;

beforeEach(async () => {
  db ??= await createDatabase('empty');
  dataApi ??= await startDataApi({ databaseUrl: db.url });
  Object.assign(process.env, localEnvironment(db.url, dataApi.url), {
    WORKSPACE_TIMEZONE: 'America/Sao_Paulo',
  });
  await db.sql('drop schema public cascade');
  await db.sql('drop schema if exists bi cascade');
  await db.sql('create schema public');
});

afterEach(async ({ task }) => {
  if (task.name !== 'an edited migration is refused, an edited function applied again') return;
  await dataApi.close();
  await db.close();
});

const migrationNames = migrations.map(([name]) => name);
const functionNames = sqlFunctions.map(([name]) => name);

describe('migrate', () => {
  test('brings an empty database up to date, and a second time changes nothing', async () => {
    expect(await migrate()).toEqual({ migrations: migrationNames, functions: functionNames });
    const before = dataApi.calls();
    expect(await migrate()).toEqual({ migrations: [], functions: [] });
    // No more with each migration that there is: a start, and a deployment, wait for them.
    expect(dataApi.calls() - before).toBe(11);
    expect(await db.sql('select timezone from workspace')).toEqual([
      { timezone: 'America/Sao_Paulo' },
    ]);
  });

  test('two that start at once take turns, and each step happens once', async () => {
    const results = await Promise.all([migrate(), migrate(), migrate()]);
    expect(results.flatMap((result) => result.migrations).sort()).toEqual(migrationNames);
    expect(results.flatMap((result) => result.functions).sort()).toEqual(functionNames.toSorted());
  });

  test('waits for a database that is waking up', async () => {
    dataApi.resume({ calls: 2 });
    expect((await migrate()).migrations).toEqual(migrationNames);
  });

  test('a function of which only the body changed is replaced, not dropped', async () => {
    await migrate();
    const oid = () => db.sql(`select oid from pg_proc where proname = 'api_time'`);
    const before = await oid();
    await db.sql(
      `update schema_migrations set sha256 = split_part(sha256, ' ', 1) || ' other'
       where name = 'api_time'`,
    );
    expect(await migrate()).toEqual({ migrations: [], functions: ['api_time'] });
    expect(await oid()).toEqual(before);
  });

  test('an edited migration is refused, an edited function applied again', async () => {
    await migrate();
    await db.sql(`update schema_migrations set sha256 = 'other' where name = 'api_time'`);
    expect(await migrate()).toEqual({ migrations: [], functions: ['api_time'] });
    await db.sql(`update schema_migrations set sha256 = 'other' where name = $1`, [
      migrationNames[0],
    ]);
    await expect(migrate()).rejects.toThrow(/was edited after it ran/);
  });
});
