import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDataApi } from '../../../local/data-api/server.ts';
import {
  type Endpoint,
  failure,
  localOnly,
  onAws,
  onServer,
  openEndpoint,
  target,
} from './endpoint.ts';

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint();
  await endpoint.run('drop table if exists conformance_child, conformance_parent');
  await endpoint.run(`create table conformance_parent (
    id int constraint conformance_parent_key primary key,
    age int not null constraint conformance_age_check check (age >= 0)
  )`);
  await endpoint.run(`create table conformance_child (
    parent int constraint conformance_parent_fkey references conformance_parent
  )`);
  await endpoint.run('insert into conformance_parent values (1, 1)');
});
afterAll(async () => {
  await endpoint.run('drop table conformance_child, conformance_parent');
  await endpoint.close();
});

describe('an error of PostgreSQL', () => {
  it.each([
    ['select 1 / 0', '22012'],
    ["select 'x'::int", '22P02'],
    ['select nothing', '42703'],
    ['select * from nothing', '42P01'],
    ['selec 1', '42601'],
    ['insert into conformance_parent values (1, 1)', '23505'],
    ['insert into conformance_parent values (2, -1)', '23514'],
    ['insert into conformance_parent values (2, null)', '23502'],
    ['insert into conformance_child values (7)', '23503'],
    ["do $$ begin raise 'mine' using errcode = 'LP001'; end $$", 'LP001'],
  ])('of %s ends in its SQLSTATE', async (sql, state) => {
    expect(await failure(endpoint.run(sql))).toMatchObject({
      name: 'DatabaseErrorException',
      message: expect.stringMatching(new RegExp(`^ERROR: [\\s\\S]*; SQLState: ${state}$`)),
      $fault: 'client',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
  });

  it.each([
    ['insert into conformance_parent values (1, 1)', 'conformance_parent_key'],
    ['insert into conformance_parent values (2, -1)', 'conformance_age_check'],
    ['insert into conformance_child values (7)', 'conformance_parent_fkey'],
  ])('of %s names its constraint', async (sql, name) => {
    const { message } = await failure(endpoint.run(sql));
    expect(message.match(/constraint "([^"]+)"/)?.[1]).toBe(name);
  });

  it('carries its detail', async () => {
    const { message } = await failure(endpoint.run('insert into conformance_parent values (1, 1)'));
    expect(message).toContain('Detail: Key (id)=(1) already exists.');
  });

  it('may hold a SQLSTATE of the user, and still ends in the true one', async () => {
    const { message } = await failure(endpoint.run("select '; SQLState: 23505'::int"));
    expect(message.match(/; SQLState: ([0-9A-Z]{5})$/)?.[1]).toBe('22P02');
  });
});

describe('a call is refused', () => {
  const send = (fields: object) =>
    endpoint.client.send(new ExecuteStatementCommand({ ...target, sql: 'select 1', ...fields }));

  it('with two statements', async () => {
    for (const sql of ['select 1; select 2', "select ';'; commit;"]) {
      expect(await failure(endpoint.run(sql))).toMatchObject({
        name: 'ValidationException',
        message: "Multistatements aren't supported.",
      });
    }
    expect(await endpoint.run("select ';' ; -- the end;")).toMatchObject({
      records: [[{ stringValue: ';' }]],
    });
  });

  it('with a schema', async () => {
    expect(await failure(send({ schema: 'public' }))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/^The schema parameter isn't supported/),
    });
  });

  it('without SQL', async () => {
    expect(await failure(send({ sql: '' }))).toBeInstanceOf(Error);
  });

  it.skipIf(onAws).each([
    ['resourceArn', 'leadpulse'],
    ['resourceArn', target.secretArn],
    ['resourceArn', ''],
    ['secretArn', 'leadpulse'],
    ['secretArn', target.resourceArn],
    ['secretArn', ''],
  ])('with %s %j', async (field, value) => {
    const error = await failure(send({ [field]: value }));
    expect(error).toMatchObject({ name: 'ValidationException' });
    expect(error.message).toContain(field);
  });

  it('for a database that is not there', async () => {
    expect(await failure(send({ database: 'nowhere' }))).toMatchObject({
      name: 'DatabaseNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe.skipIf(onAws)(`a database that is away (${localOnly})`, () => {
  it('is unavailable, and the client tries again by itself', async () => {
    const databaseUrl = 'postgres://postgres@127.0.0.1:1/postgres';
    const away = await startDataApi({ databaseUrl });
    const client = new RDSDataClient({
      endpoint: away.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const error = await failure(
      client.send(new ExecuteStatementCommand({ ...target, sql: 'select 1' })),
    );
    expect(error).toMatchObject({
      name: 'DatabaseUnavailableException',
      $metadata: { httpStatusCode: 504, attempts: 3 },
    });
    expect(away.calls()).toBe(3);
    client.destroy();
    await away.close();
  });

  it('is unavailable to the call it ends, and there for the next', async () => {
    const suicide = 'select pg_terminate_backend(pg_backend_pid())';
    const error = await failure(endpoint.run(suicide));
    expect(error.name).toBe('DatabaseUnavailableException');
    await endpoint.run('select 1');
  });

  it('that has dropped its idle connections is there for the next call', async () => {
    await Promise.all([endpoint.run('select 1'), endpoint.run('select 2')]);
    await onServer(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = '${target.database}'`);
    await endpoint.run('select 1');
  });
});
