import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  await endpoint.run('drop table if exists conformance_entry');
  await endpoint.run('create table conformance_entry (n int unique deferrable initially deferred)');
});
beforeEach(async () => {
  await endpoint.run('truncate conformance_entry');
});
afterAll(async () => {
  await endpoint.run('drop table conformance_entry');
  await endpoint.close();
});

async function begin(on = endpoint) {
  const { transactionId } = await on.client.send(new BeginTransactionCommand(target));
  return { transactionId: transactionId ?? '' };
}
async function commit(transaction: { transactionId: string }) {
  return await endpoint.client.send(new CommitTransactionCommand({ ...target, ...transaction }));
}
async function rollback(transaction: { transactionId: string }) {
  return await endpoint.client.send(new RollbackTransactionCommand({ ...target, ...transaction }));
}
async function count() {
  const { records } = await endpoint.run('select count(*) from conformance_entry');
  return records?.[0]?.[0]?.longValue;
}

const insert = 'insert into conformance_entry values (1)';

describe('a transaction', () => {
  it('keeps to itself what it did until it is committed', async () => {
    const transaction = await begin();
    await endpoint.run(insert, transaction);
    expect(await count()).toBe(0);
    expect(await commit(transaction)).toMatchObject({ transactionStatus: 'Transaction Committed' });
    expect(await count()).toBe(1);
  });

  it('takes back what it did, tables included, when it is rolled back', async () => {
    const transaction = await begin();
    await endpoint.run(insert, transaction);
    await endpoint.run('create table conformance_undone ()', transaction);
    expect(await rollback(transaction)).toMatchObject({ transactionStatus: 'Rollback Complete' });
    expect(await count()).toBe(0);
    const { records } = await endpoint.run("select to_regclass('conformance_undone') is null");
    expect(records).toEqual([[{ booleanValue: true }]]);
  });

  it('takes batches', async () => {
    const transaction = await begin();
    const parameterSets = [1, 2].map((n) => named({ n: { longValue: n } }));
    const sql = 'insert into conformance_entry values (:n)';
    const batch = { ...target, ...transaction, sql, parameterSets };
    await endpoint.client.send(new BatchExecuteStatementCommand(batch));
    expect(await count()).toBe(0);
    await commit(transaction);
    expect(await count()).toBe(2);
  });

  it('keeps its session: settings, savepoints, temporary tables', async () => {
    const transaction = await begin();
    await endpoint.run("set local application_name = 'mine'", transaction);
    await endpoint.run('create temp table conformance_temporary () on commit drop', transaction);
    await endpoint.run('savepoint here', transaction);
    await failure(endpoint.run('select 1 / 0', transaction));
    await endpoint.run('rollback to savepoint here', transaction);
    await endpoint.run('select from conformance_temporary', transaction);
    const { records } = await endpoint.run('show application_name', transaction);
    expect(records).toEqual([[{ stringValue: 'mine' }]]);
    await commit(transaction);
  });

  it('aborted by an error refuses statements, and its commit silently rolls back', async () => {
    const transaction = await begin();
    await endpoint.run(insert, transaction);
    expect((await failure(endpoint.run('select 1 / 0', transaction))).message).toMatch(/22012$/);
    expect((await failure(endpoint.run('select 1', transaction))).message).toMatch(/25P02$/);
    expect(await commit(transaction)).toMatchObject({ transactionStatus: 'Transaction Committed' });
    expect(await count()).toBe(0);
  });

  it('that cannot be committed says why', async () => {
    const transaction = await begin();
    await endpoint.run(insert, transaction);
    await endpoint.run(insert, transaction);
    expect((await failure(commit(transaction))).message).toMatch(/; SQLState: 23505$/);
    expect(await count()).toBe(0);
  });

  it('runs one call at a time', async () => {
    const transaction = await begin();
    let isOver = false;
    const slow = endpoint.run('select pg_sleep(1)::text', transaction).finally(() => {
      isOver = true;
    });
    const calls: Promise<unknown>[] = [slow];
    // One of them meets the slow one running, or is what the slow one meets.
    do {
      calls.push(endpoint.run('select 1', transaction));
      await calls.at(-1)?.catch(() => undefined);
    } while (!isOver && calls.length < 20);
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      reason: { name: 'DatabaseErrorException', message: 'Transaction is still running a query' },
    });
    await rollback(transaction);
  });
});

describe('a transaction is not found', () => {
  const notFound = { name: 'TransactionNotFoundException', $metadata: { httpStatusCode: 404 } };

  it('under an id that never was', async () => {
    const transaction = { transactionId: 'bm93aGVyZQ==' };
    expect(await failure(endpoint.run('select 1', transaction))).toMatchObject(notFound);
    expect(await failure(commit(transaction))).toMatchObject(notFound);
    expect(await failure(rollback(transaction))).toMatchObject(notFound);
  });

  it('once it has ended', async () => {
    const committed = await begin();
    await commit(committed);
    expect(await failure(endpoint.run('select 1', committed))).toMatchObject(notFound);
    const undone = await begin();
    await rollback(undone);
    expect(await failure(rollback(undone))).toMatchObject(notFound);
  });

  it.skipIf(onAws)(`once nobody has called it for too long (${localOnly})`, async () => {
    const impatient = await openEndpoint({ limits: { transactionIdleMs: 1000 } });
    const transaction = await begin(impatient);
    await impatient.run('lock table conformance_entry', transaction);
    // Waits for the lock, and so for the expiry.
    await endpoint.run(insert);
    expect(await failure(impatient.run('select 1', transaction))).toMatchObject(notFound);
    await impatient.close();
  });

  it.skipIf(onAws)(`but stays while its statement runs (${localOnly})`, async () => {
    const impatient = await openEndpoint({ limits: { transactionIdleMs: 1000 } });
    const transaction = await begin(impatient);
    await impatient.run('select pg_sleep(1.5)::text', transaction);
    const command = new CommitTransactionCommand({ ...target, ...transaction });
    await impatient.client.send(command);
    await impatient.close();
  });

  it.skipIf(onAws)(`once its connection is lost (${localOnly})`, async () => {
    const transaction = await begin();
    const { records } = await endpoint.run('select pg_backend_pid()', transaction);
    await onServer(`select pg_terminate_backend(${records?.[0]?.[0]?.longValue}, 5000)`);
    await failure(endpoint.run('select 1', transaction));
    expect(await failure(endpoint.run('select 1', transaction))).toMatchObject(notFound);
  });
});

it.skipIf(onAws)(`a transaction serves one database (${localOnly})`, async () => {
  const transaction = await begin();
  const call = endpoint.run('select 1', { ...transaction, database: 'postgres' });
  expect(await failure(call)).toMatchObject({ name: 'ValidationException' });
  await endpoint.run('select 1', transaction);
  await rollback(transaction);
});

it.skipIf(onAws)(`open transactions leave connections for calls (${localOnly})`, async () => {
  const small = await openEndpoint({ poolSize: 1 });
  const transaction = await begin(small);
  await small.run('select 1');
  await small.run('select 1', transaction);
  await small.close();
});
