import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Endpoint,
  failure,
  localOnly,
  named,
  onAws,
  onServer,
  openEndpoint,
  target,
} from './endpoint.ts';

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

describe('a result', () => {
  // A row costs 2 bytes, a value 4 and its own: 25,000 rows of one uuid are 1,050,000 bytes.
  const uuids = 'select md5(n::text)::uuid from generate_series(1, :rows) n';
  const rows = (count: number) => ({ parameters: named({ rows: { longValue: count } }) });

  it('may be 1 MiB and not more', async () => {
    expect((await endpoint.run(uuids, rows(24_800))).records).toHaveLength(24_800);
    expect(await failure(endpoint.run(uuids, rows(25_000)))).toMatchObject({
      name: 'UnsupportedResultException',
      message: 'The result exceeds the size limit 1 MB.',
    });
  });

  it('is measured in bytes, not in letters', async () => {
    const letters = "select repeat('é', 1000) from generate_series(1, :rows)";
    expect((await endpoint.run(letters, rows(522))).records).toHaveLength(522);
    expect((await failure(endpoint.run(letters, rows(524)))).name).toMatch(/^Unsupported/);
  });

  it('may have rows of 64 KB and not more', async () => {
    const row = "select repeat('x', 32700), repeat('y', :rows::int)";
    expect((await endpoint.run(row, rows(32_700))).records).toHaveLength(1);
    expect(await failure(endpoint.run(row, rows(32_900)))).toMatchObject({
      message: expect.stringMatching(/^Packet for query is too large/),
    });
  });
});

describe('a request', () => {
  it('may have 65,536 characters of SQL and not more', async () => {
    const sql = (length: number) => `select 1 -- ${'x'.repeat(length)}`.slice(0, length);
    await endpoint.run(sql(65_536));
    expect(await failure(endpoint.run(sql(65_537)))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("'sql'"),
    });
  });

  it('may have 4 MiB and not more', async () => {
    const call = (length: number) =>
      endpoint.run('select length(:x)', {
        parameters: named({ x: { stringValue: 'x'.repeat(length) } }),
      });
    const most = 4 * 1024 * 1024;
    expect((await call(most - 1000)).records).toEqual([[{ longValue: most - 1000 }]]);
    const { message } = await failure(call(most));
    expect(message).toMatch(onAws ? /./ : /larger than 4194304 bytes/);
  });
});

describe.skipIf(onAws)(`a statement beyond the time of a call (${localOnly})`, () => {
  let hasty: Endpoint;
  beforeAll(async () => {
    hasty = await openEndpoint({ limits: { callTimeoutMs: 500 } });
  });
  afterAll(() => hasty.close());

  it('is cancelled', async () => {
    expect(await failure(hasty.run('select pg_sleep(20)::text'))).toMatchObject({
      name: 'StatementTimeoutException',
      message: 'canceling statement due to statement timeout',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    const { rowCount } = await onServer(
      `select from pg_stat_activity where datname = '${target.database}' and state = 'active'`,
    );
    expect(rowCount).toBe(0);
  });

  it('goes on where that is wanted', async () => {
    await hasty.run('create table goes_on as select 0 as n');
    const slow = 'with pause as (select pg_sleep(1.5)) update goes_on set n = 1 from pause';
    const error = await failure(hasty.run(slow, { continueAfterTimeout: true }));
    expect(error.name).toBe('StatementTimeoutException');
    expect((await hasty.run('select n from goes_on')).records).toEqual([[{ longValue: 0 }]]);
    // Waits for the row that the statement has locked by its end at the latest.
    await expect
      .poll(async () => (await endpoint.run('select n from goes_on')).records, { timeout: 15_000 })
      .toEqual([[{ longValue: 1 }]]);
    await endpoint.run('drop table goes_on');
  });

  it('that somebody else has cancelled is an error like others', async () => {
    const waiting = failure(endpoint.run('select pg_sleep(20)::text'));
    await expect
      .poll(async () => {
        const { rowCount } = await onServer(
          `select pg_cancel_backend(pid) from pg_stat_activity
           where datname = '${target.database}' and query like 'select pg_sleep(20)%'
             and state = 'active'`,
        );
        return rowCount;
      })
      .toBe(1);
    expect(await waiting).toMatchObject({
      name: 'DatabaseErrorException',
      message: expect.stringMatching(/; SQLState: 57014$/),
    });
  });
});

describe('between calls', () => {
  const settings = 'select current_setting(:name)';
  const name = (value: string) => ({ parameters: named({ name: { stringValue: value } }) });

  it('no setting lasts', async () => {
    const before = (await endpoint.run(settings, name('search_path'))).records;
    await endpoint.run('set search_path = nowhere');
    await endpoint.run("select set_config('search_path', 'nowhere', false)");
    for (let call = 0; call < 3; call += 1) {
      expect((await endpoint.run(settings, name('search_path'))).records).toEqual(before);
    }
  });

  it.skipIf(onAws)(`nothing else of a session lasts (${localOnly})`, async () => {
    // One connection, so that what is left would be found.
    const single = await openEndpoint({ poolSize: 1 });
    await single.run('create temp table leftover ()');
    await single.run('prepare leftover as select 1');
    await single.run('declare leftover cursor with hold for select 1');
    await single.run('listen leftover');
    await single.run('select pg_advisory_lock(7)::text');
    await single.run('create sequence conformance_sequence');
    await single.run("select nextval('conformance_sequence')");
    await single.run('set role pg_monitor');
    const { records } = await single.run(`select
      (select count(*) from pg_class where relname = 'leftover'),
      (select count(*) from pg_prepared_statements where name = 'leftover'),
      (select count(*) from pg_cursors where name = 'leftover'),
      (select count(*) from pg_listening_channels()),
      (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
      (current_user <> session_user)::int`);
    expect(records?.[0]).toEqual(Array.from({ length: 6 }, () => ({ longValue: 0 })));
    const current = failure(single.run("select currval('conformance_sequence')"));
    expect((await current).message).toMatch(/; SQLState: 55000$/);
    await single.run('drop sequence conformance_sequence');
    await single.close();
  });

  it.skipIf(onAws)(`no transaction lasts that came as SQL (${localOnly})`, async () => {
    const single = await openEndpoint({ poolSize: 1 });
    await single.run('begin');
    await single.run('create table conformance_begun ()');
    await endpoint.run('drop table conformance_begun');
    await single.close();
  });

  it('the session is that of the service', async () => {
    expect((await endpoint.run(settings, name('TimeZone'))).records).toEqual([
      [{ stringValue: 'UTC' }],
    ]);
    expect((await endpoint.run(settings, name('statement_timeout'))).records).toEqual([
      [{ stringValue: '45s' }],
    ]);
    const { records } = await endpoint.run("select '1 day 2 hours'::interval::text, now()::text");
    expect(records?.[0]?.[0]).toEqual({ stringValue: '1 day 02:00:00' });
    expect(records?.[0]?.[1]?.stringValue).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/);
  });

  it.skipIf(onAws)(`databases are kept apart (${localOnly})`, async () => {
    const ask = (database?: string) =>
      endpoint.client.send(
        new ExecuteStatementCommand({ ...target, database, sql: 'select current_database()' }),
      );
    expect((await ask('postgres')).records).toEqual([[{ stringValue: 'postgres' }]]);
    expect((await ask(undefined)).records).toEqual([[{ stringValue: target.database }]]);
  });
});
