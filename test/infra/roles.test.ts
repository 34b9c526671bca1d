import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataApi, startDataApi } from '../../local/data-api/server.ts';
import { createDatabase } from '../setup/database.ts';

const secretOf = (name: string) =>
  `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;
const roles = { [secretOf('read')]: 'roles_test_read', [secretOf('write')]: 'roles_test_write' };

let database: Awaited<ReturnType<typeof createDatabase>>;
let dataApi: DataApi;
let client: RDSDataClient;

beforeAll(async () => {
  database = await createDatabase();
  for (const duty of ['read', 'write']) {
    await database.sql('select set_database_role($1, $2, $3)', [
      duty,
      `roles_test_${duty}`,
      "it's a secret of a test",
    ]);
  }
  dataApi = await startDataApi({ databaseUrl: database.url, roles });
  client = new RDSDataClient({
    endpoint: dataApi.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  client.destroy();
  await dataApi.close();
  await database.close();
});

/** `done`, or the SQLSTATE with which it was refused. */
async function run(duty: string, sql: string): Promise<string | undefined> {
  const command = new ExecuteStatementCommand({
    resourceArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:leadpulse-dev',
    secretArn: secretOf(duty),
    database: new URL(database.url).pathname.slice(1),
    sql,
  });
  return client.send(command).then(
    () => 'done',
    ({ message }: Error) => /SQLState: (\w+)/.exec(message)?.[1] ?? message,
  );
}

const forbidden = '42501';

describe('whoever only reads', () => {
  test.each([
    ['select count(*) from leads', 'done'],
    ['select count(*) from lead_metrics', 'done'],
    ['select count(*) from schema_migrations', 'done'],
    ['select count(*) from hook_mappings', forbidden],
    ['update leads set notes = null', forbidden],
    ['delete from idempotency_keys', forbidden],
    ["select count(*) from take_leads('[]', clock_timestamp())", forbidden],
  ])('%s: %s', async (sql, outcome) => expect(await run('read', sql)).toBe(outcome));
});

describe('whoever writes', () => {
  test.each([
    ['select count(*) from hook_mappings', 'done'],
    ['update leads set notes = null', 'done'],
    ["select count(*) from take_leads('[]', clock_timestamp())", 'done'],
    ['delete from idempotency_keys', 'done'],
    ["select refresh_lead_metrics('2026-03-01T04:15:00Z')", 'done'],
    ['delete from leads', forbidden],
    ['delete from corrections', forbidden],
    ["update workspace set currency = 'EUR'", forbidden],
    ["update schema_migrations set sha256 = ''", forbidden],
    ['create table mine (id int)', forbidden],
    ['drop table leads', forbidden],
    ["select set_database_role('write', 'roles_test_read', 'x')", forbidden],
  ])('%s: %s', async (sql, outcome) => expect(await run('write', sql)).toBe(outcome));
});
